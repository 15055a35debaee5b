/* Replies that are slow, malformed or unusual: each call ends with the right result or with a clear error. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const dm_client_options once = {.max_attempts = 1};

/* ---- Cut ---- */

static const char content_length_reply[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                           "Content-Length: 20\r\n\r\n" SCENE_ACCOUNT;
static const char chunked_reply[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "7\r\n{\"id\":7\r\n6\r\n,\"name\r\n7\r\n\":\"me\"}\r\n0\r\n\r\n";
static const char gzip_reply[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 38\r\n\r\n"
                                 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x4c\x51\xb2\x32\xd7\x51\xca"
                                 "\x4b\xcc\x4d\x55\xb2\x52\x02\x12\xb5\x00\x62\x57\xa6\xd6\x14\x00\x00\x00";

/* ---- Slow replies, and unusual encodings ---- */

/* Headers of the interim reply must not be used as headers of the final one. */
static void a_compressed_reply_after_an_informational_one_is_read(void **state)
{
    static const char hints[] = "HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\n";
    char reply[sizeof hints + sizeof gzip_reply];
    struct scene scene;
    (void)state;

    memcpy(reply, hints, sizeof hints - 1);
    memcpy(reply + sizeof hints - 1, gzip_reply, sizeof gzip_reply);
    scene_init(&scene);
    scene_bytes(&scene, reply, sizeof hints - 1 + sizeof gzip_reply - 1);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_reply_of_one_byte_at_a_time_is_read(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, content_length_reply)->drip = true;
    scene_text(&scene, chunked_reply)->drip = true;
    scene_bytes(&scene, gzip_reply, sizeof gzip_reply - 1)->drip = true;
    scene_start(&scene, &once);
    for (int i = 0; i < 3; i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* Adds a reply that arrives at 1000 bytes a second or less. Most of it is white space. */
static void add_slow_reply(struct scene *scene, int length)
{
    char *body = NULL;
    assert_true(asprintf(&body, "%*s", length, SCENE_ACCOUNT) == length);
    scene_reply(scene, "200 OK", "", body)->drip = true;
    free(body);
}

static void a_slow_reply_that_lasts_longer_than_the_stall_time_is_read(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .stall_timeout_ms = 1000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_slow_reply(&scene, 2500);
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void the_log_has_the_duration_of_an_attempt_in_milliseconds(void **state)
{
    static const char before[] = "HTTP 200, ";
    char *unit = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_slow_reply(&scene, 300);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    const char *number = strstr(scene.log, before);
    assert_non_null(number);
    assert_in_range(strtoll(number + strlen(before), &unit, 10), 250, 30000);
    assert_int_equal(strncmp(unit, " ms,", 4), 0);
    scene_end(&scene);
}

static void the_log_has_the_duration_of_an_aborted_attempt(void **state)
{
    static const char before[] = "timed out, ";
    const dm_call_options call = {.timeout_ms = 300};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    const char *number = strstr(scene.log, before);
    assert_non_null(number);
    assert_in_range(strtoll(number + strlen(before), NULL, 10), 250, 30000);
    scene_end(&scene);
}

/* The deadline was too short for three stalls. A message about stalls alone would suggest the wrong setting. */
static void a_timeout_after_a_stall_reports_both(void **state)
{
    const dm_client_options options = {.stall_timeout_ms = 400, .retry_delay_ms = 1, .max_retry_delay_ms = 1};
    const dm_call_options call = {.timeout_ms = 1000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "no answer before the timeout; the last failure was: stalled"));
    assert_int_equal(scene.error.attempts, scene_requests(&scene));
    scene_end(&scene);
}

static void an_attempt_that_was_aborted_has_no_http_status(void **state)
{
    const dm_call_options call = {.timeout_ms = 500};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "{\"detail\":\"busy\"}");
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "the last failure was: HTTP 503: busy (after 2 attempts)"));
    assert_int_equal(scene.error.http_status, 0);
    assert_int_equal(scene.error.attempts, 2);
    scene_end(&scene);
}

static void chunks_of_any_size_are_joined(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t size = 1; size <= strlen(SCENE_ACCOUNT); size++) {
        char reply[1024] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (size_t at = 0; at < strlen(SCENE_ACCOUNT); at += size) {
            const size_t rest = strlen(SCENE_ACCOUNT) - at;
            const size_t chunk = size < rest ? size : rest;
            snprintf(reply + strlen(reply), sizeof reply - strlen(reply), "%zx\r\n%.*s\r\n", chunk, (int)chunk,
                     &SCENE_ACCOUNT[at]);
        }
        strcat(reply, "0\r\nTrailer: x\r\n\r\n");
        scene_text(&scene, reply);
    }
    scene_start(&scene, &once);
    for (size_t size = 1; size <= strlen(SCENE_ACCOUNT); size++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void replies_of_1xx_are_skipped(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                       "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" SCENE_ACCOUNT);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* ---- Malformed ---- */

static void bytes_that_are_not_a_reply_are_an_error(void **state)
{
    static const struct {
        const char *reply;
        dm_status status;
    } cases[] = {
        {"HTTP/1.1 100 Continue\r\n\r\n", DM_ERR_NETWORK},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n", DM_ERR_NETWORK},
        {"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\nA: b\r\n", DM_ERR_NETWORK},
        {SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE}, /* HTTP/0.9 */
        {"SSH-2.0-OpenSSH_9.2\r\n", DM_ERR_BAD_RESPONSE},
        {"\r\n\r\n", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 OK 200\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/9.9 200 OK\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 21\r\n\r\n" SCENE_ACCOUNT, DM_ERR_NETWORK},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n", DM_ERR_NETWORK},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" SCENE_ACCOUNT, DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\n\x0b\x02\x80{}", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 204 No Content\r\n\r\n", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 304 Not Modified\r\n\r\n", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", DM_ERR_BAD_RESPONSE},
        {"HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n" SCENE_ACCOUNT " xyz", DM_ERR_BAD_RESPONSE},
    };
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(cases); i++)
        scene_text(&scene, cases[i].reply)->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, &once);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const dm_status status = scene_get(&scene, NULL);
        if (status != cases[i].status || scene.error.outcome_unknown)
            fail_msg("case %zu, %s: %s", i, dm_status_name(status), scene.error.message);
    }
    scene_end(&scene);
}

/* The message contains the reply's HTTP status and ends with this text, however long it is. */
static void an_answer_to_a_create_that_cannot_be_read_leaves_the_outcome_unknown(void **state)
{
    static const char words[] = "(the service may still have processed it)";
    char *url = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", "{}");
    scene.server = fault_server_start(scene.steps, scene.step_count);
    assert_non_null(scene.server);
    for (int length = 1; length <= 401; length += 400) {
        assert_true(asprintf(&url, "%s/%0*d", fault_server_url(scene.server), length, 0) > 0);
        scene_start_at(&scene, url, &once);
        assert_status(scene_create(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_int_equal(scene.error.http_status, 201);
        const size_t end = strlen(scene.error.message);
        assert_true(end > strlen(words));
        assert_string_equal(scene.error.message + end - strlen(words), words);
        dm_client_free(scene.client);
        scene.client = NULL;
        free(url);
    }
    scene_end(&scene);
}

static void bytes_after_a_reply_do_not_disturb_the_next_one(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" SCENE_ACCOUNT "more than was announced");
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void an_error_without_a_message_names_its_http_status(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "", "");
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_non_null(strstr(scene.error.message, "HTTP 500"));
    assert_string_equal(scene.error.server_message, "");
    assert_int_equal(scene.error.http_status, 500);
    scene_end(&scene);
}

static void a_delete_accepts_any_2xx_without_a_body_or_with_json(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 204 No Content\r\n\r\n");
    scene_reply(&scene, "200 OK", "", "");
    scene_reply(&scene, "202 Accepted", "", "{}");
    scene_reply(&scene, "200 OK", "", SCENE_SPEC);
    scene_start(&scene, &once);
    for (int i = 0; i < 4; i++)
        assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* For each position at which the text of the page can be cut. */
static void the_key_in_a_pages_title_is_not_shown(void **state)
{
    (void)state;
    for (int before = 0; before < 450; before += 3) {
        char page[600];
        struct scene scene;
        snprintf(page, sizeof page, "<title>%0*d " SCENE_KEY " x</title>", before + 1, 0);
        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", page);
        scene_start(&scene, &once);
        assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
        assert_null(strstr(scene.error.server_message, "k3y-"));
        assert_null(strstr(scene.error.message, "k3y-"));
        scene_end(&scene);
    }
}

/* For example a gateway's page: the service may not have received the request. */
static void a_delete_that_is_answered_with_an_html_page_fails(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "Content-Type: text/html\r\n", "<html><title>Please log in</title></html>");
    scene_start(&scene, &once);
    assert_status(scene_delete(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "the reply is a page of HTML, not JSON; check the API's address"));
    assert_string_equal(scene.error.server_message, "Please log in");
    assert_true(scene.error.outcome_unknown);

    dm_status status = dm_version_delete(scene.client, 5, NULL, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_true(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void a_create_accepts_any_2xx(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "Location: http://elsewhere.invalid/\r\n", SCENE_SPEC);
    scene_reply(&scene, "200 OK", "", SCENE_SPEC);
    scene_reply(&scene, "202 Accepted", "", SCENE_SPEC);
    scene_start(&scene, &once);
    for (int i = 0; i < 3; i++)
        assert_status(scene_create(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* The service processed the request, but the new id is lost. */
static void a_create_whose_answer_is_unreadable_has_an_unknown_outcome(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", "{\"id\":");
    scene_start(&scene, &once);
    assert_status(scene_create(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_true(scene.error.outcome_unknown);
    assert_non_null(strstr(scene.error.message, "(the service may still have processed it)"));
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_compressed_reply_after_an_informational_one_is_read),
        cmocka_unit_test(a_reply_of_one_byte_at_a_time_is_read),
        cmocka_unit_test(a_slow_reply_that_lasts_longer_than_the_stall_time_is_read),
        cmocka_unit_test(the_log_has_the_duration_of_an_attempt_in_milliseconds),
        cmocka_unit_test(the_log_has_the_duration_of_an_aborted_attempt),
        cmocka_unit_test(a_timeout_after_a_stall_reports_both),
        cmocka_unit_test(an_attempt_that_was_aborted_has_no_http_status),
        cmocka_unit_test(chunks_of_any_size_are_joined),
        cmocka_unit_test(replies_of_1xx_are_skipped),
        cmocka_unit_test(bytes_that_are_not_a_reply_are_an_error),
        cmocka_unit_test(an_answer_to_a_create_that_cannot_be_read_leaves_the_outcome_unknown),
        cmocka_unit_test(bytes_after_a_reply_do_not_disturb_the_next_one),
        cmocka_unit_test(an_error_without_a_message_names_its_http_status),
        cmocka_unit_test(a_delete_accepts_any_2xx_without_a_body_or_with_json),
        cmocka_unit_test(the_key_in_a_pages_title_is_not_shown),
        cmocka_unit_test(a_delete_that_is_answered_with_an_html_page_fails),
        cmocka_unit_test(a_create_accepts_any_2xx),
        cmocka_unit_test(a_create_whose_answer_is_unreadable_has_an_unknown_outcome),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

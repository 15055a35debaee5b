/* Replies that are cut, slow, endless or malformed: each call ends with the right result or with a clear error. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "http_reply.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AT_ONCE_MS = 5 * 1000 }; /* for all cuts of one reply: no call waits for a time-out */

static const dm_client_options once = {.max_attempts = 1};

/* ---- Cut ---- */

static const char content_length_reply[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                           "Content-Length: 20\r\n\r\n" SCENE_ACCOUNT;
static const char chunked_reply[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "7\r\n{\"id\":7\r\n6\r\n,\"name\r\n7\r\n\":\"me\"}\r\n0\r\n\r\n";
static const char gzip_reply[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 38\r\n\r\n"
                                 "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\xca\x4c\x51\xb2\x32\xd7\x51\xca"
                                 "\x4b\xcc\x4d\x55\xb2\x52\x02\x12\xb5\x00\x62\x57\xa6\xd6\x14\x00\x00\x00";

/* Sends the reply cut after each of its bytes, followed by the ending. Only the whole reply may succeed. */
static void cut_everywhere(const char *reply, size_t length, enum fault_ending ending)
{
    struct scene scene;
    const long long begun = now_ms();

    scene_init(&scene);
    for (size_t cut = 0; cut <= length; cut++)
        scene_bytes(&scene, reply, cut)->ending = ending;
    scene_start(&scene, &once);
    for (size_t cut = 0; cut < length; cut++) {
        if (scene_get(&scene, NULL) == DM_OK)
            fail_msg("a reply of %zu bytes succeeded when cut behind %zu", length, cut);
        assert_int_equal(scene.error.attempts, 1);
        assert_true(scene.error.status == DM_ERR_NETWORK || scene.error.status == DM_ERR_BAD_RESPONSE);
    }
    const dm_status whole = scene_get(&scene, NULL);
    assert_true(whole == DM_OK || (whole == DM_ERR_NETWORK && ending == FAULT_THEN_RESET)); /* an RST overtakes data */
    assert_int_equal(scene_requests(&scene), length + 1);
    assert_true(now_ms() - begun < AT_ONCE_MS);
    scene_end(&scene);
}

static void a_reply_that_is_cut_by_a_close_never_succeeds(void **state)
{
    (void)state;
    cut_everywhere(content_length_reply, sizeof content_length_reply - 1, FAULT_THEN_CLOSE);
}

static void a_reply_that_is_cut_by_a_reset_never_succeeds(void **state)
{
    (void)state;
    cut_everywhere(content_length_reply, sizeof content_length_reply - 1, FAULT_THEN_RESET);
}

/* Some versions of libcurl accept a reply without its very last line feed. */
static void a_chunked_reply_that_is_cut_never_succeeds(void **state)
{
    const size_t length = sizeof chunked_reply - 1;
    (void)state;
    cut_everywhere(chunked_reply, libcurl_wants_last_line_feed() ? length : length - 1, FAULT_THEN_CLOSE);
}

static void a_compressed_reply_that_is_cut_never_succeeds(void **state)
{
    (void)state;
    cut_everywhere(gzip_reply, sizeof gzip_reply - 1, FAULT_THEN_CLOSE);
}

static void a_delete_whose_reply_is_cut_never_succeeds(void **state)
{
    static const char reply[] = "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n";
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t cut = 0; cut < sizeof reply; cut++)
        scene_bytes(&scene, reply, cut)->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, &once);
    for (size_t cut = 0; cut < sizeof reply - 1; cut++) {
        assert_status(scene_delete(&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_true(scene.error.outcome_unknown);
    }
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_body_that_ends_with_the_connection_is_complete(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\n\r\n" SCENE_ACCOUNT)->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* Also after much data that arrived quickly: what counts is the silence, not the average speed. */
static void a_reply_that_stops_ends_with_the_stall_time(void **state)
{
    static const struct {
        const char *start;
        int spaces;
    } cases[] = {{"", 0},
                 {"HTTP/1.1 200 OK\r\n", 0},
                 {"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", 0},
                 {"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n", 400000}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const dm_client_options options = {.max_attempts = 1, .stall_timeout_ms = 100};
        const dm_call_options call = {.timeout_ms = 4000};
        char *start = NULL;
        struct scene scene;

        assert_true(asprintf(&start, "%s%*s", cases[i].start, cases[i].spaces, "") >= 0);
        scene_init(&scene);
        scene_text(&scene, start)->ending = FAULT_THEN_STALL;
        scene_start(&scene, &options);
        assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
        assert_non_null(strstr(scene.error.message, "stalled: no data was sent or received for 100 ms"));
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
        free(start);
    }
}

/* A retry would fail in the same way, and each inference would be billed. */
static void a_compressed_reply_with_something_behind_it_is_final(void **state)
{
    char reply[sizeof gzip_reply + 12];
    struct scene scene;
    (void)state;

    memset(reply, '\n', sizeof reply);
    memcpy(reply, gzip_reply, sizeof gzip_reply - 1);
    memcpy(strstr(reply, "38"), "51", 2);
    scene_init(&scene);
    scene_bytes(&scene, reply, sizeof reply);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "compression is broken"));
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

/* Some gateways fill a block up with zeros, or join members. */
static void a_compressed_reply_with_zeros_and_an_empty_member_behind_it_is_read(void **state)
{
    static const char behind[] = "\0\0\0\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0\0\0";
    char reply[sizeof gzip_reply + sizeof behind];
    struct scene scene;
    (void)state;

    memcpy(reply, gzip_reply, sizeof gzip_reply - 1);
    memcpy(reply + sizeof gzip_reply - 1, behind, sizeof behind - 1);
    memcpy(strstr(reply, "38"), "63", 2);
    scene_init(&scene);
    scene_bytes(&scene, reply, sizeof gzip_reply - 1 + sizeof behind - 1);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

static void a_coding_that_is_no_compression_is_ignored(void **state)
{
    static const char *const headers[] = {"Content-Encoding: utf-8\r\n", "Content-Encoding: UTF-8, identity\r\n",
                                          "Content-Encoding: \r\n", "Content-Encoding: none\r\n"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(headers); i++)
        scene_reply(&scene, "200 OK", headers[i], SCENE_ACCOUNT);
    scene_start(&scene, &once);
    for (size_t i = 0; i < COUNT(headers); i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* In this case libcurl sets no timer before the connect timeout. */
static void a_reply_that_stops_on_a_kept_connection_ends_with_the_stall_time_too(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .stall_timeout_ms = 500, .connect_timeout_ms = 60 * 1000};
    const dm_call_options call = {.timeout_ms = 8000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, content_length_reply);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{")->ending = FAULT_THEN_STALL;
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "stalled: no data was sent or received for 500 ms"));
    assert_int_equal(scene_request(&scene, 1)->connection, 1);
    scene_end(&scene);
}

/* ---- Slow, and oddly packed ---- */

/* The headers of the interim reply must not be taken for those of the final one. */
static void a_compressed_reply_behind_an_informational_one_is_read(void **state)
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

static void the_log_says_how_many_milliseconds_an_attempt_took(void **state)
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

static void the_log_says_how_long_an_attempt_had_lasted_that_was_aborted(void **state)
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
static void a_call_whose_time_ends_behind_a_stall_says_both(void **state)
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

static void chunks_of_any_size_are_put_together(void **state)
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

static void replies_of_1xx_are_passed_over(void **state)
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

static void what_is_no_reply_is_an_error(void **state)
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

/* It says so at the end of the message, however long that is; and which HTTP status the reply had. */
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

static void what_follows_a_reply_does_not_disturb_the_next_one(void **state)
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

static void an_error_without_words_says_its_http_status(void **state)
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

static void a_delete_is_content_with_any_2xx_without_a_body_or_with_json(void **state)
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

/* At each position at which the page's text can be cut. */
static void the_key_in_a_pages_title_is_not_told(void **state)
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
static void a_delete_that_is_answered_with_a_page_is_no_success(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "Content-Type: text/html\r\n", "<html><title>Please log in</title></html>");
    scene_start(&scene, &once);
    assert_status(scene_delete(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "the reply is a page of HTML, not JSON; is the API's address right?"));
    assert_string_equal(scene.error.server_message, "Please log in");
    assert_true(scene.error.outcome_unknown);

    dm_status status = dm_version_delete(scene.client, 5, NULL, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_true(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void a_create_is_content_with_any_2xx(void **state)
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

/* ---- Endless ---- */

/* Gets one reply with a limit of 64 KiB, which fails; then a valid one: the client must still work. */
static void expect_too_large(struct scene *scene, const char *words)
{
    const dm_client_options options = {.max_response_bytes = 64 * 1024};

    scene_reply(scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(scene, &options);
    assert_status(scene_get(scene, NULL), DM_ERR_TOO_LARGE, &scene->error);
    assert_int_equal(scene->error.attempts, 1);
    assert_non_null(strstr(scene->error.message, words));
    assert_status(scene_get(scene, NULL), DM_OK, &scene->error);
    scene_end(scene);
}

static void an_endless_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\n\r\n[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,")->endless_tail = 32;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_endless_chunked_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n0,0,0,0,0,0,0,0,\r\n")
        ->endless_tail = strlen("10\r\n0,0,0,0,0,0,0,0,\r\n");
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_announced_giant_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n[0,0,0,0,0,0,0,0,")->endless_tail = 16;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void an_endless_error_body_is_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 404 Not Found\r\n\r\n                ")->endless_tail = 16;
    expect_too_large(&scene, "the limit of 65536 bytes");
}

/* 4 MiB of spaces in 4 KiB. */
static void a_gzip_bomb_is_too_large(void **state)
{
    static const char begin[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x81\x00\x00\x00\x00\xc3\x20\x95\xf9"
                                "\x53\x1e\xe4\x55\x01";
    static const char end[] = "\x7c\x1b\x15\x3e\xfa\xfc\x00\x00\x40\x00";
    enum { SIZE = 4099 };
    char reply[SIZE + 256] = {0};
    struct scene scene;
    (void)state;

    const int head = snprintf(reply, sizeof reply,
                              "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n", (int)SIZE);
    memset(reply + head, 0, SIZE);
    memcpy(reply + head, begin, sizeof begin - 1);
    memcpy(reply + head + SIZE - (sizeof end - 1), end, sizeof end - 1);
    scene_init(&scene);
    scene_bytes(&scene, reply, (size_t)head + SIZE);
    expect_too_large(&scene, "the limit of 65536 bytes");
}

static void endless_headers_are_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789\r\n")->endless_tail =
        strlen("X-Filler: 0123456789012345678901234567890123456789\r\n");
    expect_too_large(&scene, "headers");
}

/* libcurl before 8.6 reports a line of more than 100 KiB as "out of memory". The two cannot be distinguished. */
static void an_endless_header_line_ends_the_call_and_the_client_works_on(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nX-Filler: 0123456789012345678901234567890123456789")->endless_tail = 40;
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    const dm_status status = scene_get(&scene, NULL);
    assert_true(status == DM_ERR_TOO_LARGE || status == DM_ERR_NO_MEMORY);
    assert_int_equal(scene.error.attempts, 1);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void replies_of_1xx_without_end_are_too_large(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 102 Processing\r\n\r\n")->endless_tail = strlen("HTTP/1.1 102 Processing\r\n\r\n");
    expect_too_large(&scene, "headers");
}

static void a_reply_may_be_as_large_as_the_limit_and_no_larger(void **state)
{
    dm_client_options options = {.max_response_bytes = strlen(SCENE_ACCOUNT), .max_attempts = 1};
    (void)state;
    for (int less = 0; less < 2; less++) {
        struct scene scene;
        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        options.max_response_bytes -= (size_t)less;
        scene_start(&scene, &options);
        assert_status(scene_get(&scene, NULL), less == 0 ? DM_OK : DM_ERR_TOO_LARGE, &scene.error);
        scene_end(&scene);
    }
}

/* ---- The server's words ---- */

static void a_reply_that_was_too_large_does_not_spoil_an_empty_one(void **state)
{
    const dm_client_options options = {.max_response_bytes = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_reply(&scene, "204 No Content", "", "");
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_ERR_TOO_LARGE, &scene.error);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void the_servers_words_are_in_the_error(void **state)
{
    static const struct {
        const char *http;
        const char *body;
        const char *words;
        dm_status status;
    } cases[] = {
        {"401 Unauthorized", "{\"detail\": \"Invalid API key.\"}", "Invalid API key.", DM_ERR_CREDENTIALS},
        {"403 Forbidden", "{\"detail\": \"No.\"}", "No.", DM_ERR_CREDENTIALS},
        {"404 Not Found", "{\"detail\": \"Not found.\"}", "Not found.", DM_ERR_NOT_FOUND},
        {"400 Bad Request", "{\"error\": \"inputs is empty\"}", "inputs is empty", DM_ERR_REJECTED},
        {"400 Bad Request", "{\"message\": \"old words\"}", "old words", DM_ERR_REJECTED},
        {"400 Bad Request", "{\"name\": [\"This field is required.\"]}", "name: This field is required.",
         DM_ERR_REJECTED},
        {"400 Bad Request", "[\"one\", \"two\"]", "one two", DM_ERR_REJECTED},
        {"400 Bad Request", "plain words\r\nand more", "plain words", DM_ERR_REJECTED},
        {"409 Conflict", "\"just text\"", "just text", DM_ERR_REJECTED},
        {"413 Payload Too Large", "", "", DM_ERR_REJECTED},
        {"415 Unsupported Media Type", "{\"detail\":\"a\\tb\\u001bc\"}", "a b c", DM_ERR_REJECTED},
        {"429 Too Many Requests", "{\"detail\": \"Slow down.\"}", "Slow down.", DM_ERR_RATE_LIMITED},
        {"408 Request Timeout", "late", "late", DM_ERR_SERVER},
        {"500 Internal Server Error", "{}", "", DM_ERR_SERVER},
        {"502 Bad Gateway", "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>",
         "502 Bad Gateway", DM_ERR_SERVER},
        {"503 Service Unavailable", "<p>no title</p>", "", DM_ERR_SERVER},
        {"504 Gateway Timeout", "gone", "gone", DM_ERR_SERVER},
    };
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(cases); i++)
        scene_reply(&scene, cases[i].http, "", cases[i].body);
    scene_start(&scene, &once);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_status(scene_get(&scene, NULL), cases[i].status, &scene.error);
        assert_int_equal(scene.error.http_status, atoi(cases[i].http));
        assert_string_equal(scene.error.server_message, cases[i].words);
        assert_non_null(strstr(scene.error.message, cases[i].words));
        assert_non_null(strstr(scene.error.message, "/v0.7/accounts/me"));
    }
    scene_end(&scene);
}

/* ---- The key ---- */

static void a_key_that_the_server_echoes_is_not_in_the_error(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "401 Unauthorized", "", "{\"detail\": \"the key " SCENE_KEY " is wrong, " SCENE_KEY "!\"}");
    scene_reply(&scene, "400 Bad Request", "", SCENE_KEY);
    scene_reply(&scene, "502 Bad Gateway", "", "<title>" SCENE_KEY "</title>");
    scene_reply(&scene, "302 Found", "Location: http://elsewhere.invalid/?key=" SCENE_KEY "\r\n", "");
    scene_reply(&scene, "200 OK", "", "{\"id\": \"" SCENE_KEY "\"}");
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_ERR_CREDENTIALS, &scene.error); /* scene_get looks for the key */
    assert_non_null(strstr(scene.error.server_message, "the key ***"));
    assert_status(scene_get(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_status(scene_get(&scene, NULL), DM_ERR_REDIRECT, &scene.error);
    assert_non_null(strstr(scene.error.message, "elsewhere.invalid/?key=***"));
    assert_status(scene_get(&scene, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_int_equal(scene.log_count[DM_LOG_INFO], 5);
    scene_end(&scene);
}

static void a_key_in_a_failed_tasks_words_is_not_in_the_error(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", "{\"id\":\"123\",\"status\":\"error\",\"error\":\"who is " SCENE_KEY "?\"}");
    scene_start(&scene, &once);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_TASK_FAILED, &scene.error);
    assert_non_null(strstr(scene.error.server_message, "who is ***"));
    assert_string_equal(scene.error.task_id.text, "123");
    scene_end(&scene);
}

/* Messages are truncated to the size of the error's field, and a key may lie across the cut. */
static void not_even_a_part_of_the_key_is_in_the_error(void **state)
{
    enum { MAX_WORDS = 600 };
    char begin[13];
    struct scene scene;
    (void)state;

    snprintf(begin, sizeof begin, "%.12s", SCENE_KEY);
    scene_init(&scene);
    for (size_t before = 300; before <= MAX_WORDS; before += 10) {
        char body[MAX_WORDS + 64];
        memset(body, 'x', before);
        strcpy(body + before, SCENE_KEY);
        scene_reply(&scene, "401 Unauthorized", "", body);
    }
    scene_start(&scene, &once);
    for (size_t before = 300; before <= MAX_WORDS; before += 10) {
        assert_status(scene_get(&scene, NULL), DM_ERR_CREDENTIALS, &scene.error);
        assert_null(strstr(scene.error.server_message, begin));
        assert_null(strstr(scene.error.message, begin));
    }
    scene_end(&scene);
}

/* scene_start's log callback looks for the key. */
static void a_page_link_with_the_key_does_not_bring_it_into_the_log(void **state)
{
    dm_spec_page *page = NULL;
    dm_spec_page *next = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "",
                "{\"count\":2,\"next\":\"/v0.7/recognition/specs?key=" SCENE_KEY
                "\",\"previous\":null,\"results\":[]}");
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_start(&scene, NULL);
    assert_status(dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error), DM_OK,
                  &scene.error);
    const dm_status status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_SERVER, &scene.error);
    dm_spec_page_free(page);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_that_is_cut_by_a_close_never_succeeds),
        cmocka_unit_test(a_reply_that_is_cut_by_a_reset_never_succeeds),
        cmocka_unit_test(a_chunked_reply_that_is_cut_never_succeeds),
        cmocka_unit_test(a_compressed_reply_that_is_cut_never_succeeds),
        cmocka_unit_test(a_compressed_reply_with_zeros_and_an_empty_member_behind_it_is_read),
        cmocka_unit_test(a_coding_that_is_no_compression_is_ignored),
        cmocka_unit_test(a_compressed_reply_with_something_behind_it_is_final),
        cmocka_unit_test(a_delete_whose_reply_is_cut_never_succeeds),
        cmocka_unit_test(a_body_that_ends_with_the_connection_is_complete),
        cmocka_unit_test(a_reply_that_stops_ends_with_the_stall_time),
        cmocka_unit_test(a_reply_that_stops_on_a_kept_connection_ends_with_the_stall_time_too),
        cmocka_unit_test(a_compressed_reply_behind_an_informational_one_is_read),
        cmocka_unit_test(a_reply_of_one_byte_at_a_time_is_read),
        cmocka_unit_test(a_slow_reply_that_lasts_longer_than_the_stall_time_is_read),
        cmocka_unit_test(the_log_says_how_many_milliseconds_an_attempt_took),
        cmocka_unit_test(the_log_says_how_long_an_attempt_had_lasted_that_was_aborted),
        cmocka_unit_test(a_call_whose_time_ends_behind_a_stall_says_both),
        cmocka_unit_test(an_attempt_that_was_aborted_has_no_http_status),
        cmocka_unit_test(chunks_of_any_size_are_put_together),
        cmocka_unit_test(replies_of_1xx_are_passed_over),
        cmocka_unit_test(what_is_no_reply_is_an_error),
        cmocka_unit_test(an_answer_to_a_create_that_cannot_be_read_leaves_the_outcome_unknown),
        cmocka_unit_test(what_follows_a_reply_does_not_disturb_the_next_one),
        cmocka_unit_test(an_error_without_words_says_its_http_status),
        cmocka_unit_test(a_delete_is_content_with_any_2xx_without_a_body_or_with_json),
        cmocka_unit_test(the_key_in_a_pages_title_is_not_told),
        cmocka_unit_test(a_delete_that_is_answered_with_a_page_is_no_success),
        cmocka_unit_test(a_create_is_content_with_any_2xx),
        cmocka_unit_test(a_create_whose_answer_is_unreadable_has_an_unknown_outcome),
        cmocka_unit_test(an_endless_body_is_too_large),
        cmocka_unit_test(an_endless_chunked_body_is_too_large),
        cmocka_unit_test(an_announced_giant_is_too_large),
        cmocka_unit_test(an_endless_error_body_is_too_large),
        cmocka_unit_test(a_gzip_bomb_is_too_large),
        cmocka_unit_test(endless_headers_are_too_large),
        cmocka_unit_test(an_endless_header_line_ends_the_call_and_the_client_works_on),
        cmocka_unit_test(replies_of_1xx_without_end_are_too_large),
        cmocka_unit_test(a_reply_may_be_as_large_as_the_limit_and_no_larger),
        cmocka_unit_test(a_reply_that_was_too_large_does_not_spoil_an_empty_one),
        cmocka_unit_test(the_servers_words_are_in_the_error),
        cmocka_unit_test(a_key_that_the_server_echoes_is_not_in_the_error),
        cmocka_unit_test(a_key_in_a_failed_tasks_words_is_not_in_the_error),
        cmocka_unit_test(not_even_a_part_of_the_key_is_in_the_error),
        cmocka_unit_test(a_page_link_with_the_key_does_not_bring_it_into_the_log),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The request that an attempt sends. */
#include "attempt_test.h"
#include "transport/attempt_outcome.h"

#include "fault_server.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *last_head(const struct stage *stage)
{
    const size_t count = fault_server_request_count(stage->server);
    assert_true(count > 0);
    return fault_server_request(stage->server, count - 1)->head;
}

/* ---- What is sent ---- */

static void a_request_is_sent_with_its_fields(void **state)
{
    static const struct {
        const char *method;
        enum request_media media;
        const char *json;
    } cases[] = {{"GET", MEDIA_NONE, ""},     {"POST", MEDIA_JSON, "{\"a\":1}"}, {"GET", MEDIA_NONE, ""},
                 {"PATCH", MEDIA_JSON, "{}"}, {"DELETE", MEDIA_NONE, ""},        {"POST", MEDIA_MULTIPART, "--x--"},
                 {"DELETE", MEDIA_NONE, ""},  {"GET", MEDIA_NONE, ""},           {"PUT", MEDIA_JSON, "[]"}};
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[64];
        new_request(&stage, cases[i].method, cases[i].media, cases[i].json);
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        outcome_free(&got);

        const struct fault_request *seen = fault_server_request(stage.server, i);
        const char *head = seen->head;
        snprintf(line, sizeof line, "%s /v0.7/x HTTP/1.1\r\n", cases[i].method);
        assert_int_equal(strncmp(head, line, strlen(line)), 0);
        assert_string_equal(seen->body, cases[i].json);
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", strlen(cases[i].json));
        assert_int_equal(strstr(head, line) != NULL, cases[i].media != MEDIA_NONE);
        assert_int_equal(strstr(head, "Content-Length:") != NULL, cases[i].media != MEDIA_NONE);
        assert_int_equal(strstr(head, "Content-Type: application/json\r\n") != NULL, cases[i].media == MEDIA_JSON);
        assert_int_equal(strstr(head, "Content-Type: multipart/form-data; boundary=") != NULL,
                         cases[i].media == MEDIA_MULTIPART);
        assert_null(strstr(head, "Expect:"));
        assert_null(strstr(head, "Transfer-Encoding:"));
        assert_non_null(strstr(head, "X-API-KEY: the-key\r\n"));
        assert_non_null(strstr(head, "Accept: application/json\r\n"));
        assert_non_null(strstr(head, "Accept-Encoding: "));
        assert_non_null(strstr(head, "User-Agent: libdeepomatic/" DM_VERSION "\r\n"));
    }
    close_stage(&stage);
}

/* By default, libcurl would send "Expect: 100-continue" and wait a second for the answer. */
static void a_large_upload_does_not_ask_first(void **state)
{
    enum { SIZE = 3 * 1024 * 1024 };
    char *bytes = calloc(1, SIZE);
    struct stage stage;
    (void)state;

    assert_non_null(bytes);
    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    new_request(&stage, "POST", MEDIA_MULTIPART, "");
    body_append_memory(&stage.request.body, bytes, SIZE);
    finish(&stage.request);
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    assert_int_equal(got.bytes_sent, SIZE);
    assert_int_equal(fault_server_request(stage.server, 0)->body_length, SIZE);
    assert_null(strcasestr(last_head(&stage), "Expect"));
    outcome_free(&got);
    close_stage(&stage);
    free(bytes);
}

static void a_location_replaces_the_path(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt_at(&stage, "/there?a=b");
    outcome_free(&got);
    assert_int_equal(strncmp(last_head(&stage), "GET /there?a=b HTTP", 19), 0);
    got = attempt(&stage);
    outcome_free(&got);
    assert_int_equal(strncmp(last_head(&stage), "GET /v0.7/x HTTP", 16), 0);
    close_stage(&stage);
}

static void a_request_that_must_not_be_repeated_uses_a_connection_of_its_own(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    for (size_t i = 0; i < 4; i++) {
        new_request(&stage, "POST", MEDIA_JSON, "{}");
        stage.request.not_repeatable = i == 2;
        struct outcome got = attempt(&stage);
        outcome_free(&got);
    }
    assert_int_equal(fault_server_request(stage.server, 0)->connection, 1);
    assert_int_equal(fault_server_request(stage.server, 1)->connection, 1);
    assert_int_equal(fault_server_request(stage.server, 2)->connection, 2);
    assert_int_equal(fault_server_connection_count(stage.server), 2);
    close_stage(&stage);
}

static void other_protocols_than_http_are_refused_by_libcurl(void **state)
{
    const struct text nowhere = {.length = 0};
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    new_request(&stage, "GET", MEDIA_NONE, "");
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    assert_int_equal(curl_easy_setopt(stage.attempt->easy, CURLOPT_URL, "file:///etc/passwd"), CURLE_OK);
    struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.body.length, 0);
    outcome_free(&got);
    close_stage(&stage);
}

/* ---- Files ---- */

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    attempt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_sent_with_its_fields),
        cmocka_unit_test(a_large_upload_does_not_ask_first),
        cmocka_unit_test(a_location_replaces_the_path),
        cmocka_unit_test(a_request_that_must_not_be_repeated_uses_a_connection_of_its_own),
        cmocka_unit_test(other_protocols_than_http_are_refused_by_libcurl),
        cmocka_unit_test(freeing_null_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

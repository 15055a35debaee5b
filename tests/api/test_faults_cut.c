/* Replies that are cut or stop: each call ends with the right result or with a clear error. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const dm_client_options once = {.max_attempts = 1};

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

    scene_init(&scene);
    for (size_t cut = 0; cut <= length; cut++)
        scene_bytes(&scene, reply, cut)->ending = ending;
    scene_start(&scene, &once);
    for (size_t cut = 0; cut < length; cut++) {
        const long long begun = now_ms();
        const dm_status status = scene_get(&scene, NULL);
        assert_true(now_ms() - begun < TOO_LONG_MS); /* no call waits for a timeout */
        if (status == DM_OK)
            fail_msg("a reply of %zu bytes succeeded although it was cut after %zu bytes", length, cut);
        assert_int_equal(scene.error.attempts, 1);
        assert_true(scene.error.status == DM_ERR_NETWORK || scene.error.status == DM_ERR_BAD_RESPONSE);
    }
    const dm_status whole = scene_get(&scene, NULL);
    assert_true(whole == DM_OK || (whole == DM_ERR_NETWORK && ending == FAULT_THEN_RESET)); /* an RST overtakes data */
    assert_int_equal(scene_requests(&scene), length + 1);
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

/* Also after much data that arrived quickly: only the time without data counts, not the average speed. */
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
static void a_compressed_reply_followed_by_other_bytes_is_not_retried(void **state)
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

/* Some gateways append zeros or empty members. */
static void a_compressed_reply_followed_by_zeros_and_an_empty_member_is_read(void **state)
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

static void a_coding_other_than_compression_is_ignored(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_that_is_cut_by_a_close_never_succeeds),
        cmocka_unit_test(a_reply_that_is_cut_by_a_reset_never_succeeds),
        cmocka_unit_test(a_chunked_reply_that_is_cut_never_succeeds),
        cmocka_unit_test(a_compressed_reply_that_is_cut_never_succeeds),
        cmocka_unit_test(a_compressed_reply_followed_by_zeros_and_an_empty_member_is_read),
        cmocka_unit_test(a_coding_other_than_compression_is_ignored),
        cmocka_unit_test(a_compressed_reply_followed_by_other_bytes_is_not_retried),
        cmocka_unit_test(a_delete_whose_reply_is_cut_never_succeeds),
        cmocka_unit_test(a_body_that_ends_with_the_connection_is_complete),
        cmocka_unit_test(a_reply_that_stops_ends_with_the_stall_time),
        cmocka_unit_test(a_reply_that_stops_on_a_kept_connection_ends_with_the_stall_time_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

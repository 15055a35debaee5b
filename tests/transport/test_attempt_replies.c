/* The reply that an attempt reads. */
#include "attempt_test.h"
#include "fault_server.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The results ---- */

static void a_reply_is_taken_whole(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    new_request(&stage, "POST", MEDIA_JSON, "{\"a\":1}");
    for (int again = 0; again < 2; again++) {
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        assert_int_equal(got.status, DM_OK);
        assert_int_equal(got.http_status, 200);
        assert_true(got.completely_sent);
        assert_true(got.retry_after_ms < 0);
        assert_string_equal(got.body.data, "{}");
        assert_int_equal(got.bytes_sent, 7);
        assert_int_equal(got.bytes_received, 2);
        assert_int_equal(got.redirect.length, 0);
        assert_string_equal(got.detail, "");
        outcome_free(&got);
    }
    close_stage(&stage);
}

/* The outcome of an attempt that gets this reply. */
static struct outcome outcome_of(const char *reply, dm_client_options options)
{
    struct stage stage;
    open_stage_with(&stage, reply, FAULT_THEN_CLOSE, options);
    new_request(&stage, "GET", MEDIA_NONE, "");
    const struct outcome got = attempt(&stage);
    close_stage(&stage);
    return got;
}

static void retry_after_is_read_in_either_form(void **state)
{
    static const struct {
        const char *header;
        int64_t least_ms;
        int64_t most_ms;
    } cases[] = {
        {"", -1, -1},
        {"Retry-After: 0\r\n", 0, 0},
        {"retry-after: 7\r\n", 7000, 7000},
        {"Retry-After: soon\r\n", -1, -1},
        {"Retry-After:  7 \r\n", 7000, 7000},
        {"Retry-After: Wed, 21 Oct 2015 07:28:00 GMT\r\n", 0, 0},
        {"Retry-After: Thu, 31 Dec 2037 23:59:59 GMT\r\n", INT64_C(100000000000), INT64_MAX},
        {"Retry-After: 18446744073709552\r\n", INT64_C(18446744073709552), INT64_MAX},
        {"Retry-After: 9223372036854775807\r\n", INT64_C(9223372036854775807), INT64_MAX},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char reply[256];
        snprintf(reply, sizeof reply, "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n%s\r\n",
                 cases[i].header);
        struct outcome got = outcome_of(reply, (dm_client_options){0});
        if (got.retry_after_ms < cases[i].least_ms || got.retry_after_ms > cases[i].most_ms)
            fail_msg("%s: unexpected %lld ms", cases[i].header, (long long)got.retry_after_ms);
        outcome_free(&got);
    }
}

/* Neither a header of an informational reply, nor one in a trailer, which arrives after the headers were read. */
static void a_retry_after_outside_the_headers_of_the_reply_is_ignored(void **state)
{
    static const char *const replies[] = {
        "HTTP/1.1 103 Early Hints\r\nRetry-After: 7\r\n\r\n"
        "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nRetry-After: 7\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        struct outcome got = outcome_of(replies[i], (dm_client_options){0});
        assert_int_equal(got.http_status, 503);
        assert_true(got.retry_after_ms < 0);
        outcome_free(&got);
    }
}

/* The body was already read when the trailer arrives. */
static void a_coding_in_a_trailer_is_ignored(void **state)
{
    struct outcome got = outcome_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: Content-Encoding\r\n\r\n"
                                    "2\r\n{}\r\n0\r\nContent-Encoding: gzip\r\n\r\n",
                                    (dm_client_options){0});

    (void)state;
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    assert_int_equal(got.http_status, 200);
    assert_string_equal(got.body.data, "{}");
    outcome_free(&got);
}

static void a_redirect_is_described_and_not_followed(void **state)
{
    static const struct {
        const char *status;
        const char *location;
        const char *redirect;
        bool ours;
    } cases[] = {
        {"302 Found", "http://elsewhere.invalid/y", "http://elsewhere.invalid/y", false},
        {"301 Moved", "//u:p@elsewhere.invalid/y", "http://elsewhere.invalid/y", false},
        {"307 Temporary Redirect", "https://127.0.0.1/y", "https://127.0.0.1/y", false},
        {"304 Not Modified", "http://elsewhere.invalid/y", NULL, false},
        {"200 OK", "http://elsewhere.invalid/y", NULL, false},
        {"201 Created", "http://elsewhere.invalid/y", NULL, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char reply[256];
        snprintf(reply, sizeof reply, "HTTP/1.1 %s\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n", cases[i].status,
                 cases[i].location);
        struct outcome got = outcome_of(reply, (dm_client_options){0});
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        if (cases[i].redirect != NULL)
            assert_string_equal(got.redirect.data, cases[i].redirect);
        else
            assert_int_equal(got.redirect.length, 0);
        assert_int_equal(got.redirect_is_ours, cases[i].ours);
        outcome_free(&got);
    }
}

static void a_redirect_to_our_own_origin_is_ours(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ../y\r\n\r\n", FAULT_THEN_KEEP_OPEN);
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(&stage);
    assert_true(got.redirect_is_ours);
    assert_string_equal(got.redirect.data, "/y");
    outcome_free(&got);
    close_stage(&stage);
}

/* Its beginning is not used as an address either. */
static void an_endless_location_is_a_bad_response(void **state)
{
    static const char *const starts[] = {"/", "/x?"};
    enum { LENGTH = 70 * 1024 };
    char *reply = malloc(LENGTH + 128);
    (void)state;

    assert_non_null(reply);
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const int head = sprintf(reply, "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: %s", starts[i]);
        memset(reply + head, 'a', LENGTH);
        strcpy(reply + head + LENGTH, "\r\n\r\n");
        struct outcome got = outcome_of(reply, (dm_client_options){0});
        assert_int_equal(got.end, ATTEMPT_FATAL);
        assert_int_equal(got.status, DM_ERR_BAD_RESPONSE);
        assert_string_not_equal(got.detail, "");
        assert_int_equal(got.redirect.length, 0);
        outcome_free(&got);
    }
    free(reply);
}

static void a_reply_without_the_end_of_its_headers_is_broken(void **state)
{
    static const char *const replies[] = {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r",
                                          "HTTP/1.1 204 No Content\r\nA: b\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
                                          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"};
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        struct outcome got = outcome_of(replies[i], (dm_client_options){0});
        assert_int_equal(got.end, ATTEMPT_BROKEN);
        assert_int_equal(got.status, DM_ERR_NETWORK);
        assert_int_equal(got.http_status, 0);
        assert_string_not_equal(got.detail, "");
        outcome_free(&got);
    }
}

/* These 4 KiB, compressed twice, decompress to an empty body. */
static void a_reply_that_is_compressed_twice_is_refused(void **state)
{
    static const char *const headers[] = {
        "Content-Encoding: gzip, gzip\r\n",
        "content-encoding:gzip,br\r\n",
        "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n",
        "Content-Encoding: gzip\r\nTransfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: gzip, gzip, chunked\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        char reply[256];
        struct stage stage;
        snprintf(reply, sizeof reply, "HTTP/1.1 200 OK\r\n%s\r\n", headers[i]);
        open_stage(&stage, reply, FAULT_THEN_CLOSE);
        new_request(&stage, "GET", MEDIA_NONE, "");
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_FATAL);
        assert_int_equal(got.status, DM_ERR_BAD_RESPONSE);
        if (strcasestr(headers[i], "Transfer-Encoding") == NULL)
            assert_string_equal(got.detail, "the reply is compressed more than once");
        else
            assert_string_not_equal(got.detail, ""); /* libcurl may reject it first, with its own message */
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* An interim reply has headers of its own. */
static void a_chunked_reply_with_one_compression_is_accepted(void **state)
{
    static const char *const replies[] = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nContent-Encoding: gzip\r\n\r\n"
        "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nTransfer-Encoding: CHUNKED\r\n\r\n"
        "2\r\n{}\r\n0\r\n\r\n",
    };
    (void)state;
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        struct stage stage;
        open_stage(&stage, replies[i], FAULT_THEN_KEEP_OPEN);
        new_request(&stage, "GET", MEDIA_NONE, "");
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        assert_string_equal(got.body.data, "{}");
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* A gzip header, then endless empty blocks. */
static void bytes_that_decompress_to_nothing_count_as_received(void **state)
{
    static const char head[] = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03";
    static const char empty_block[] = "\0\0\0\xff\xff";
    enum { HEAD = sizeof head - 1, BLOCK = sizeof empty_block - 1, BLOCKS = 1000 };
    char reply[HEAD + BLOCKS * BLOCK];
    struct stage stage;
    (void)state;

    memcpy(reply, head, HEAD);
    for (size_t i = 0; i < BLOCKS; i++)
        memcpy(reply + HEAD + i * BLOCK, empty_block, BLOCK);
    const struct fault_step step = {
        .reply = reply, .reply_length = sizeof reply, .endless_tail = (size_t)BLOCKS * BLOCK};
    open_stage_of(&stage, &step, 1, (dm_client_options){.max_response_bytes = 100 * 1000});
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(&stage);
    assert_int_equal(got.status, DM_ERR_TOO_LARGE);
    outcome_free(&got);
    close_stage(&stage);
}

static void a_reply_beyond_the_limit_is_aborted_and_the_handle_remains_usable(void **state)
{
    const dm_client_options small = {.max_response_bytes = 1};
    struct stage stage;
    (void)state;

    open_stage_with(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN, small);
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_TOO_LARGE);
    assert_string_equal(got.detail, "the reply is larger than the limit of 1 bytes");
    outcome_free(&got);

    stage.attempt->transfer.reply.limit = 2;
    got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    outcome_free(&got);
    close_stage(&stage);
}

static void the_limit_applies_to_each_reply_to_a_handle(void **state)
{
    static const char large[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{ }";
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = large, .reply_length = sizeof large - 1}};
    struct stage stage;
    (void)state;

    open_stage_of(&stage, steps, 2, (dm_client_options){.max_response_bytes = 2});
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    outcome_free(&got);
    got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_TOO_LARGE);
    outcome_free(&got);
    close_stage(&stage);
}

/* ---- Files ---- */

static void lines_that_end_without_a_carriage_return_are_headers_too(void **state)
{
    struct outcome got = outcome_of("HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", (dm_client_options){0});
    (void)state;
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    assert_string_equal(got.body.data, "{}");
    outcome_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reply_is_taken_whole),
        cmocka_unit_test(retry_after_is_read_in_either_form),
        cmocka_unit_test(a_retry_after_outside_the_headers_of_the_reply_is_ignored),
        cmocka_unit_test(a_coding_in_a_trailer_is_ignored),
        cmocka_unit_test(a_redirect_is_described_and_not_followed),
        cmocka_unit_test(a_redirect_to_our_own_origin_is_ours),
        cmocka_unit_test(an_endless_location_is_a_bad_response),
        cmocka_unit_test(a_reply_without_the_end_of_its_headers_is_broken),
        cmocka_unit_test(a_reply_that_is_compressed_twice_is_refused),
        cmocka_unit_test(a_chunked_reply_with_one_compression_is_accepted),
        cmocka_unit_test(bytes_that_decompress_to_nothing_count_as_received),
        cmocka_unit_test(a_reply_beyond_the_limit_is_aborted_and_the_handle_remains_usable),
        cmocka_unit_test(the_limit_applies_to_each_reply_to_a_handle),
        cmocka_unit_test(lines_that_end_without_a_carriage_return_are_headers_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

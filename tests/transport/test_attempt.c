#include "transport/attempt_outcome.h"

#include "assert_status.h"
#include "base/line.h"
#include "client/options.h"
#include "fault_server.h"
#include "stalled_listener.h"
#include "temp_files.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A server that plays its steps, the last one again and again, and an attempt that talks to it. */
static const struct caution usual = {0};

struct stage {
    struct fault_server *server;
    struct client_settings settings;
    struct sockets sockets;
    struct attempt *attempt;
    struct request request;
};

static void open_at(struct stage *stage, const char *url, dm_client_options options)
{
    options.api_key = "the-key";
    options.api_url = url;
    options.proxy = "";
    struct failure failure;
    dm_status status;
    failure_init(&failure, NULL);
    options_resolve(&options, &stage->settings, &failure);
    assert_status(failure.status, DM_OK, NULL);
    stage->attempt = attempt_new(&stage->settings.transport, &stage->sockets, &status);
    assert_non_null(stage->attempt);
    assert_int_equal(status, DM_OK);
    request_init(&stage->request, "GET");
}

static void open_stage_of(struct stage *stage, const struct fault_step *steps, size_t count, dm_client_options options)
{
    memset(stage, 0, sizeof *stage);
    stage->server = fault_server_start(steps, count);
    assert_non_null(stage->server);
    open_at(stage, fault_server_url(stage->server), options);
}

static void open_stage_with(struct stage *stage, const char *reply, enum fault_ending ending, dm_client_options options)
{
    const struct fault_step step = {.reply = reply, .reply_length = strlen(reply), .ending = ending};
    open_stage_of(stage, &step, 1, options);
}

static void open_stage(struct stage *stage, const char *reply, enum fault_ending ending)
{
    open_stage_with(stage, reply, ending, (dm_client_options){0});
}

static void close_stage(struct stage *stage)
{
    request_free(&stage->request);
    attempt_free(stage->attempt);
    options_free(&stage->settings);
    if (stage->server != NULL)
        fault_server_stop(stage->server);
}

static void finish(struct request *request)
{
    struct failure failure;
    failure_init(&failure, NULL);
    assert_true(request_finish(request, &failure));
}

static void new_request(struct stage *stage, const char *method, enum request_media media, const char *json)
{
    request_free(&stage->request);
    request_init(&stage->request, method);
    request_append_name(&stage->request, "x");
    stage->request.media = media;
    text_append_string(&stage->request.body.text, json);
    finish(&stage->request);
}

static struct outcome attempt_at(struct stage *stage, const char *location)
{
    struct text text = {.data = (char *)location, .length = strlen(location)};
    assert_int_equal(attempt_prepare(stage->attempt, &stage->request, &text, usual), DM_OK);
    return attempt_outcome(stage->attempt, curl_easy_perform(stage->attempt->easy));
}

static struct outcome attempt(struct stage *stage)
{
    return attempt_at(stage, "");
}

static const char *last_head(const struct stage *stage)
{
    const size_t count = fault_server_request_count(stage->server);
    assert_true(count > 0);
    return fault_server_request(stage->server, count - 1)->head;
}

#define OK_REPLY "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

/* ---- What is sent ---- */

static void a_request_is_sent_as_it_is_meant(void **state)
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

/* libcurl would wait a second for an answer. */
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

static void a_location_takes_the_place_of_the_path(void **state)
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

static void what_must_not_be_repeated_goes_on_a_connection_of_its_own(void **state)
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

static void no_other_protocol_is_spoken(void **state)
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

/* ---- What comes back ---- */

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
        assert_true(got.wholly_sent);
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

/* What an attempt on such a reply comes to. */
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
            fail_msg("%s came to %lld ms", cases[i].header, (long long)got.retry_after_ms);
        outcome_free(&got);
    }
}

/* Neither that of an informational reply, nor that of a trailer, which comes too late to be read with the others. */
static void a_retry_after_that_is_no_header_of_the_reply_is_none(void **state)
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

static void a_redirect_home_is_ours(void **state)
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

/* Nor is any part of it an address to go to. */
static void a_location_without_end_is_no_reply(void **state)
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

/* Of 4 KiB that are compressed twice, nothing ever comes out. */
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
            assert_string_not_equal(got.detail, ""); /* libcurl may refuse it first, in its own words */
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* An interim reply has headers of its own. */
static void chunks_and_one_compression_are_fine(void **state)
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

/* A gzip header, and then blocks of nothing for ever. */
static void what_decompresses_to_nothing_is_counted_as_it_comes(void **state)
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

static void a_reply_beyond_the_limit_is_stopped_and_the_handle_works_on(void **state)
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

static void the_limit_holds_for_each_reply_to_a_handle(void **state)
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

/* ---- What failed, and whether something was sent ---- */

static void libcurls_codes_mean_what_this_table_says(void **state)
{
    static const struct {
        CURLcode code;
        dm_status status;
        enum attempt_end end;
    } cases[] = {
        {CURLE_COULDNT_CONNECT, DM_ERR_NETWORK, ATTEMPT_UNSENT},
        {CURLE_COULDNT_RESOLVE_HOST, DM_ERR_NETWORK, ATTEMPT_UNSENT},
        {CURLE_COULDNT_RESOLVE_PROXY, DM_ERR_NETWORK, ATTEMPT_UNSENT},
        {CURLE_OPERATION_TIMEDOUT, DM_ERR_NETWORK, ATTEMPT_UNSENT},
        {CURLE_SEND_ERROR, DM_ERR_NETWORK, ATTEMPT_UNSENT},
        {CURLE_SSL_CONNECT_ERROR, DM_ERR_TLS, ATTEMPT_UNSENT},
        {CURLE_PEER_FAILED_VERIFICATION, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_SSL_CERTPROBLEM, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_SSL_CACERT_BADFILE, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_SSL_CIPHER, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_SSL_ISSUER_ERROR, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_SSL_INVALIDCERTSTATUS, DM_ERR_TLS, ATTEMPT_FATAL},
        {CURLE_OUT_OF_MEMORY, DM_ERR_NO_MEMORY, ATTEMPT_FATAL},
        {CURLE_UNSUPPORTED_PROTOCOL, DM_ERR_BAD_RESPONSE, ATTEMPT_FATAL},
        {CURLE_WEIRD_SERVER_REPLY, DM_ERR_BAD_RESPONSE, ATTEMPT_FATAL},
        {CURLE_BAD_CONTENT_ENCODING, DM_ERR_BAD_RESPONSE, ATTEMPT_FATAL},
        {CURLE_WRITE_ERROR, DM_ERR_BAD_RESPONSE, ATTEMPT_FATAL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        memset(&stage, 0, sizeof stage);
        open_at(&stage, "http://127.0.0.1:1", (dm_client_options){0});
        struct outcome got = attempt_outcome(stage.attempt, cases[i].code);
        assert_int_equal(got.status, cases[i].status);
        assert_int_equal(got.end, cases[i].end);
        assert_false(got.wholly_sent);
        assert_string_not_equal(got.detail, "");
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* In OpenSSL's words, with either code: that of a handshake, and that of a connection which seemed to be ready. */
static void an_alert_by_which_the_other_side_refuses_us_is_final(void **state)
{
    static const struct {
        const char *words;
        bool refuses;
    } cases[] = {
        {"error:0A000410:SSL routines::sslv3 alert handshake failure", true},
        {"error:0A000412:SSL routines::sslv3 alert bad certificate", true},
        {"error:0A000413:SSL routines::sslv3 alert unsupported certificate", true},
        {"error:0A000415:SSL routines::sslv3 alert certificate expired", true},
        {"error:0A000418:SSL routines::tlsv1 alert unknown ca", true},
        {"error:0A000419:SSL routines::tlsv1 alert access denied", true},
        {"error:0A00042E:SSL routines::tlsv1 alert protocol version", true},
        {"error:0A00045C:SSL routines::tlsv13 alert certificate required", true},
        {"error:0A000438:SSL routines::tlsv1 alert internal error", false},
    };
    static const CURLcode codes[] = {CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        const CURLcode code = codes[i % 2];
        struct stage stage;
        memset(&stage, 0, sizeof stage);
        open_at(&stage, "https://127.0.0.1:1", (dm_client_options){0});
        snprintf(stage.attempt->curl_error, sizeof stage.attempt->curl_error, "%s", cases[i / 2].words);
        struct outcome got = attempt_outcome(stage.attempt, code);
        assert_int_equal(got.end, cases[i / 2].refuses ? ATTEMPT_FATAL : ATTEMPT_UNSENT);
        assert_int_equal(got.status,
                         cases[i / 2].refuses || code == CURLE_SSL_CONNECT_ERROR ? DM_ERR_TLS : DM_ERR_NETWORK);
        assert_string_equal(got.detail, cases[i / 2].words);
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* Neither its words, which might pass for an alert, nor its error of the system. */
static void nothing_of_a_failure_before_is_left_on_a_used_handle(void **state)
{
    const struct text nowhere = {.data = NULL};
    struct stage stage;
    (void)state;

    memset(&stage, 0, sizeof stage);
    open_at(&stage, "http://127.0.0.1:1", (dm_client_options){0});
    new_request(&stage, "GET", MEDIA_NONE, "");
    snprintf(stage.attempt->curl_error, sizeof stage.attempt->curl_error, "tlsv1 alert access denied");
    stage.attempt->transfer.socket_error = EMFILE;
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    struct outcome got = attempt_outcome(stage.attempt, CURLE_COULDNT_CONNECT);
    assert_int_equal(got.end, ATTEMPT_UNSENT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    assert_string_equal(got.detail, curl_easy_strerror(CURLE_COULDNT_CONNECT));
    outcome_free(&got);
    close_stage(&stage);
}

/* libcurl's own clock watches over connecting alone: here, for a repetition of its own. */
static void a_connect_that_hangs_behind_a_send_is_no_connection_either(void **state)
{
    struct stage stage;
    (void)state;

    memset(&stage, 0, sizeof stage);
    open_at(&stage, "http://127.0.0.1:1", (dm_client_options){0});
    const struct text nowhere = {.data = NULL};
    new_request(&stage, "GET", MEDIA_NONE, "");
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    stage.attempt->transfer.sends = 1;
    struct outcome got = attempt_outcome(stage.attempt, CURLE_OPERATION_TIMEDOUT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    assert_int_equal(got.end, ATTEMPT_BROKEN);
    outcome_free(&got);
    close_stage(&stage);
}

/* It says nothing of the service, and another try would find the same. */
static void what_keeps_a_socket_from_being_opened_here_is_final(void **state)
{
    static const struct {
        int error;
        dm_status status;
    } cases[] = {
        {EMFILE, DM_ERR_SYSTEM}, {ENFILE, DM_ERR_SYSTEM}, {ENOMEM, DM_ERR_NO_MEMORY}, {ENOBUFS, DM_ERR_NO_MEMORY}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stage stage;
        memset(&stage, 0, sizeof stage);
        open_at(&stage, "http://127.0.0.1:1", (dm_client_options){0});
        stage.attempt->transfer.socket_error = cases[i].error;
        struct outcome got = attempt_outcome(stage.attempt, CURLE_COULDNT_CONNECT);
        assert_int_equal(got.end, ATTEMPT_FATAL);
        assert_int_equal(got.status, cases[i].status);
        assert_string_equal(got.detail, line_system_error(cases[i].error));
        outcome_free(&got);
        close_stage(&stage);
    }
}

static void a_connection_that_breaks_after_the_request_is_broken(void **state)
{
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        struct stage stage;
        open_stage(&stage, "", endings[i]);
        new_request(&stage, "POST", MEDIA_JSON, "{}");
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_BROKEN);
        assert_int_equal(got.status, DM_ERR_NETWORK);
        assert_true(got.wholly_sent);
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* Whoever has not read the whole body cannot have carried out the request. */
static void an_upload_that_is_cut_was_not_wholly_sent(void **state)
{
    enum { SIZE = 64 * 1024 * 1024 }; /* more than the buffers of both sides hold */
    static const struct fault_step step = {.reply = "", .reading = FAULT_READ_HEAD, .ending = FAULT_THEN_RESET};
    char *bytes = calloc(1, SIZE);
    struct stage stage;
    (void)state;

    assert_non_null(bytes);
    open_stage_of(&stage, &step, 1, (dm_client_options){0});
    new_request(&stage, "POST", MEDIA_MULTIPART, "");
    body_append_memory(&stage.request.body, bytes, SIZE);
    finish(&stage.request);
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_UNSENT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    assert_false(got.wholly_sent);
    assert_true(got.bytes_sent < SIZE);
    outcome_free(&got);
    close_stage(&stage);
    free(bytes);
}

/* A handle that is used again must not remember what it has sent before. */
static void a_connection_that_is_refused_sends_nothing_also_on_a_used_handle(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_CLOSE);
    new_request(&stage, "POST", MEDIA_JSON, "{}");
    struct outcome got = attempt(&stage);
    assert_true(got.wholly_sent);
    outcome_free(&got);
    fault_server_stop(stage.server);
    stage.server = NULL;

    got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_UNSENT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    assert_false(got.wholly_sent);
    assert_int_equal(got.http_status, 0);
    outcome_free(&got);
    close_stage(&stage);
}

static void a_connect_that_hangs_sends_nothing(void **state)
{
    const dm_client_options options = {.connect_timeout_ms = 100};
    struct stalled_listener *stalled = stalled_listener_start();
    struct stage stage;
    (void)state;

    assert_non_null(stalled);
    memset(&stage, 0, sizeof stage);
    open_at(&stage, stalled_listener_url(stalled), options);
    new_request(&stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_UNSENT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    outcome_free(&got);
    close_stage(&stage);
    stalled_listener_stop(stalled);
}

/* ---- Files ---- */

/* A request with a file of 1 MiB as its body. Its path is to be freed. */
static char *new_file_request(struct stage *stage, const char *folder)
{
    char *path = temp_path(folder, "image");
    struct file opened;

    assert_true(write_file_of_size(path, 1024 * 1024, "x", 1));
    assert_int_equal(file_open(path, &opened), FILE_FINE);
    new_request(stage, "POST", MEDIA_MULTIPART, "");
    body_append_file(&stage->request.body, &opened);
    finish(&stage->request);
    return path;
}

static void a_file_that_changed_is_not_sent(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(truncate(path, 10), 0);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_ERR_FILE);
    assert_int_equal(fault_server_connection_count(stage.server), 0);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

static void a_file_that_shrinks_while_it_is_sent_is_an_error_and_not_a_stall(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    assert_int_equal(truncate(path, 10), 0);
    struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_FILE);
    assert_false(got.wholly_sent); /* not as a whole, which is what counts */
    assert_non_null(strstr(got.detail, "a file changed while the call used it: \""));
    assert_non_null(strstr(got.detail, path));
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

static void a_file_that_grows_while_it_is_sent_is_no_image(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_KEEP_OPEN);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    assert_int_equal(truncate(path, 2 * 1024 * 1024), 0);
    struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_FILE);
    assert_false(got.wholly_sent);
    assert_true(got.bytes_sent < 1024 * 1024); /* so that the service cannot take the request for whole */
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

/* A stage with a connection whose second request ends it, whereupon libcurl sends that one again by itself. */
static void open_stage_that_repeats(struct stage *stage)
{
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1}};
    open_stage_of(stage, steps, 3, (dm_client_options){0});
    new_request(stage, "GET", MEDIA_NONE, "");
    struct outcome got = attempt(stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    outcome_free(&got);
}

static void a_file_that_is_as_it_was_is_sent_again_from_its_start(void **state)
{
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage_that_repeats(&stage);
    char *path = new_file_request(&stage, folder);
    struct outcome got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_ANSWERED);
    assert_int_equal(got.resends, 1);
    assert_int_equal(fault_server_request_count(stage.server), 3);
    for (size_t i = 1; i < 3; i++) {
        assert_int_equal(fault_server_request(stage.server, i)->body_length, 1024 * 1024);
        assert_int_equal(fault_server_request(stage.server, i)->body[0], 'x');
    }
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

static void retry_after_is_read_from_the_answer_to_what_was_sent_again(void **state)
{
    static const char later[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nRetry-After: 7\r\n\r\n";
    static const struct fault_step steps[] = {{.reply = OK_REPLY, .reply_length = sizeof OK_REPLY - 1},
                                              {.reply = "", .ending = FAULT_THEN_CLOSE},
                                              {.reply = later, .reply_length = sizeof later - 1}};
    struct stage stage;
    (void)state;

    open_stage_of(&stage, steps, 3, (dm_client_options){0});
    new_request(&stage, "GET", MEDIA_NONE, "");
    for (int resends = 0; resends < 2; resends++) {
        struct outcome got = attempt(&stage);
        assert_int_equal(got.end, ATTEMPT_ANSWERED);
        assert_int_equal(got.resends, resends);
        assert_int_equal(got.retry_after_ms, resends > 0 ? 7000 : -1);
        outcome_free(&got);
    }
    close_stage(&stage);
}

/* libcurl says when it is about to send again. */
static int touch_before_repetition(CURL *easy, curl_infotype type, char *words, size_t length, void *path)
{
    static const char announcement[] = "retrying a fresh connect";
    static const struct timespec long_ago[] = {{.tv_sec = 1}, {.tv_sec = 1}};
    (void)easy;
    if (type == CURLINFO_TEXT && memmem(words, length, announcement, strlen(announcement)) != NULL)
        assert_int_equal(utimensat(AT_FDCWD, path, long_ago, 0), 0);
    return 0;
}

/* The first half of one image and the second half of another would be neither. */
static void a_file_that_changes_before_libcurl_sends_it_again_is_not_sent_again(void **state)
{
    const struct text nowhere = {.data = NULL};
    char *folder = temp_folder_new();
    struct stage stage;
    (void)state;

    open_stage_that_repeats(&stage);
    char *path = new_file_request(&stage, folder);
    assert_int_equal(attempt_prepare(stage.attempt, &stage.request, &nowhere, usual), DM_OK);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_VERBOSE, 1L);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_DEBUGFUNCTION, touch_before_repetition);
    curl_easy_setopt(stage.attempt->easy, CURLOPT_DEBUGDATA, path);
    struct outcome got = attempt_outcome(stage.attempt, curl_easy_perform(stage.attempt->easy));
    assert_int_equal(got.end, ATTEMPT_FATAL);
    assert_int_equal(got.status, DM_ERR_FILE);
    assert_non_null(strstr(got.detail, "changed while the call used it"));
    assert_true(got.wholly_sent);
    assert_int_equal(fault_server_request_count(stage.server), 2);
    outcome_free(&got);
    close_stage(&stage);
    free(path);
    temp_folder_remove(folder);
}

static void freeing_null_does_nothing(void **state)
{
    (void)state;
    attempt_free(NULL);
}

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
        cmocka_unit_test(a_request_is_sent_as_it_is_meant),
        cmocka_unit_test(a_large_upload_does_not_ask_first),
        cmocka_unit_test(a_location_takes_the_place_of_the_path),
        cmocka_unit_test(what_must_not_be_repeated_goes_on_a_connection_of_its_own),
        cmocka_unit_test(no_other_protocol_is_spoken),
        cmocka_unit_test(a_reply_is_taken_whole),
        cmocka_unit_test(retry_after_is_read_in_either_form),
        cmocka_unit_test(a_retry_after_that_is_no_header_of_the_reply_is_none),
        cmocka_unit_test(a_redirect_is_described_and_not_followed),
        cmocka_unit_test(a_redirect_home_is_ours),
        cmocka_unit_test(a_location_without_end_is_no_reply),
        cmocka_unit_test(a_reply_without_the_end_of_its_headers_is_broken),
        cmocka_unit_test(a_reply_that_is_compressed_twice_is_refused),
        cmocka_unit_test(chunks_and_one_compression_are_fine),
        cmocka_unit_test(what_decompresses_to_nothing_is_counted_as_it_comes),
        cmocka_unit_test(a_reply_beyond_the_limit_is_stopped_and_the_handle_works_on),
        cmocka_unit_test(the_limit_holds_for_each_reply_to_a_handle),
        cmocka_unit_test(libcurls_codes_mean_what_this_table_says),
        cmocka_unit_test(an_alert_by_which_the_other_side_refuses_us_is_final),
        cmocka_unit_test(nothing_of_a_failure_before_is_left_on_a_used_handle),
        cmocka_unit_test(a_connect_that_hangs_behind_a_send_is_no_connection_either),
        cmocka_unit_test(what_keeps_a_socket_from_being_opened_here_is_final),
        cmocka_unit_test(a_connection_that_breaks_after_the_request_is_broken),
        cmocka_unit_test(an_upload_that_is_cut_was_not_wholly_sent),
        cmocka_unit_test(a_connection_that_is_refused_sends_nothing_also_on_a_used_handle),
        cmocka_unit_test(a_connect_that_hangs_sends_nothing),
        cmocka_unit_test(a_file_that_changed_is_not_sent),
        cmocka_unit_test(a_file_that_shrinks_while_it_is_sent_is_an_error_and_not_a_stall),
        cmocka_unit_test(a_file_that_grows_while_it_is_sent_is_no_image),
        cmocka_unit_test(a_file_that_is_as_it_was_is_sent_again_from_its_start),
        cmocka_unit_test(retry_after_is_read_from_the_answer_to_what_was_sent_again),
        cmocka_unit_test(a_file_that_changes_before_libcurl_sends_it_again_is_not_sent_again),
        cmocka_unit_test(freeing_null_does_nothing),
        cmocka_unit_test(lines_that_end_without_a_carriage_return_are_headers_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

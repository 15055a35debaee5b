/* Attempts that fail: their outcome, and whether the request was sent. */
#include "attempt_test.h"
#include "transport/attempt_outcome.h"

#include "base/line.h"
#include "fault_server.h"
#include "libcurl.h"
#include "stalled_listener.h"
#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void libcurls_codes_are_mapped_as_in_this_table(void **state)
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
        assert_false(got.completely_sent);
        assert_string_not_equal(got.detail, "");
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* OpenSSL's message, with each of the two codes: failed handshake, and failure of a connection that seemed ready. */
static void an_alert_from_the_server_is_final(void **state)
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
    libcurl_needs_tls();
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

/* Neither its message, which might look like an alert, nor its errno. */
static void a_reused_handle_keeps_nothing_of_an_earlier_failure(void **state)
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

/* libcurl's own timer covers only connecting: here, for a request that libcurl repeats by itself. */
static void a_connect_that_hangs_after_a_send_is_not_a_connection_either(void **state)
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

/* This is not a failure of the service, and a retry would fail, too. */
static void a_local_failure_to_open_a_socket_is_final(void **state)
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
        assert_true(got.completely_sent);
        outcome_free(&got);
        close_stage(&stage);
    }
}

/* A server that has not read the whole body cannot have processed the request. */
static void an_upload_that_is_cut_was_not_completely_sent(void **state)
{
    enum { SIZE = 64 * 1024 * 1024 }; /* more than the buffers of both sides can hold */
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
    assert_false(got.completely_sent);
    assert_true(got.bytes_sent < SIZE);
    outcome_free(&got);
    close_stage(&stage);
    free(bytes);
}

/* A handle that is reused must not remember what it has sent before. */
static void a_connection_that_is_refused_sends_nothing_also_on_a_used_handle(void **state)
{
    struct stage stage;
    (void)state;

    open_stage(&stage, OK_REPLY, FAULT_THEN_CLOSE);
    new_request(&stage, "POST", MEDIA_JSON, "{}");
    struct outcome got = attempt(&stage);
    assert_true(got.completely_sent);
    outcome_free(&got);
    fault_server_stop(stage.server);
    stage.server = NULL;

    got = attempt(&stage);
    assert_int_equal(got.end, ATTEMPT_UNSENT);
    assert_int_equal(got.status, DM_ERR_NETWORK);
    assert_false(got.completely_sent);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(libcurls_codes_are_mapped_as_in_this_table),
        cmocka_unit_test(an_alert_from_the_server_is_final),
        cmocka_unit_test(a_reused_handle_keeps_nothing_of_an_earlier_failure),
        cmocka_unit_test(a_connect_that_hangs_after_a_send_is_not_a_connection_either),
        cmocka_unit_test(a_local_failure_to_open_a_socket_is_final),
        cmocka_unit_test(a_connection_that_breaks_after_the_request_is_broken),
        cmocka_unit_test(an_upload_that_is_cut_was_not_completely_sent),
        cmocka_unit_test(a_connection_that_is_refused_sends_nothing_also_on_a_used_handle),
        cmocka_unit_test(a_connect_that_hangs_sends_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

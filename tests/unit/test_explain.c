#include "base/utf8.h"
#include "client/explain.h"

#include "assert_status.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static const char subject[] = "GET https://host/v0.7/x";

/* A finished exchange with one attempt. */
static struct exchange made(const char *method, dm_status status)
{
    static struct request sent;
    struct exchange exchange;
    sent = (struct request){.method = method};
    exchange_init(&exchange, &sent, NULL, 0, NULL);
    exchange.end = EXCHANGE_CONCLUDED;
    exchange.status = status;
    exchange.attempts = exchange.tries = 1;
    return exchange;
}

static struct exchange answered(dm_status status, int http_status, const char *words)
{
    struct exchange exchange = made("GET", status);
    exchange.last.end = ATTEMPT_ANSWERED;
    exchange.http_status = exchange.last.http_status = http_status;
    text_append_string(&exchange.last.body, words);
    return exchange;
}

/* Writes the explanation of the exchange to an error, and returns the status. */
static dm_status explain_to(dm_error *error, struct exchange *exchange, const char *secret)
{
    struct failure failure;
    failure_init(&failure, error);
    failure.secret = secret;
    explain(exchange, subject, &failure);
    return failure.status;
}

static void expect(struct exchange *exchange, const char *message)
{
    dm_error error;
    assert_status(explain_to(&error, exchange, "the-key"), exchange->status, &error);
    assert_int_equal(error.status, exchange->status);
    assert_int_equal(error.outcome_unknown, exchange->outcome_unknown);
    assert_string_equal(error.message, message);
    exchange_free(exchange);
}

static void an_http_error_contains_the_servers_message(void **state)
{
    struct exchange exchange = answered(DM_ERR_REJECTED, 400, "{\"error\":\"inputs is empty\"}");
    (void)state;
    expect(&exchange, "GET https://host/v0.7/x: HTTP 400: inputs is empty");
    exchange = answered(DM_ERR_SERVER, 500, "");
    expect(&exchange, "GET https://host/v0.7/x: HTTP 500; the service gives no reason");
}

static void the_servers_message_is_in_a_field_of_its_own_too(void **state)
{
    struct exchange exchange = answered(DM_ERR_NOT_FOUND, 404, "{\"detail\":\"Not found.\"}");
    dm_error error;
    (void)state;
    assert_status(explain_to(&error, &exchange, "the-key"), DM_ERR_NOT_FOUND, &error);
    assert_string_equal(error.server_message, "Not found.");
    exchange_free(&exchange);
}

/* JSON may write "/" as "\\/", so the key appears only after decoding. */
static void the_key_is_in_no_message_however_it_is_encoded_and_cut(void **state)
{
    (void)state;
    for (size_t before = 0; before < 600; before += 7) {
        char reply[1024];
        struct exchange exchange = made("GET", DM_ERR_CREDENTIALS);
        dm_error error;

        snprintf(reply, sizeof reply, "{\"detail\":\"%0*d AbCdEf\\/GhIjKl\"}", (int)before + 1, 0);
        exchange.last.end = ATTEMPT_ANSWERED;
        exchange.last.http_status = 401;
        text_append_string(&exchange.last.body, reply);
        assert_status(explain_to(&error, &exchange, "AbCdEf/GhIjKl"), DM_ERR_CREDENTIALS, &error);
        assert_null(strstr(error.message, "AbC"));
        assert_null(strstr(error.server_message, "AbC"));
        exchange_free(&exchange);
    }
}

static void some_messages_contain_advice(void **state)
{
    static const struct {
        dm_status status;
        int http_status;
        const char *advice;
    } cases[] = {{DM_ERR_CREDENTIALS, 401, "check the API key"},
                 {DM_ERR_RATE_LIMITED, 429, "send fewer requests at a time"},
                 {DM_ERR_TLS, 0, "check the API's address and the certificate files"},
                 {DM_ERR_NOT_FOUND, 404, "check the id and the API's address"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange exchange = answered(cases[i].status, cases[i].http_status, "");
        dm_error error;
        assert_status(explain_to(&error, &exchange, "the-key"), cases[i].status, &error);
        assert_non_null(strstr(error.message, cases[i].advice));
        exchange_free(&exchange);
    }
}

static void a_broken_connection_is_reported_with_its_reason_and_attempts(void **state)
{
    struct exchange exchange = made("POST", DM_ERR_NETWORK);
    (void)state;
    exchange.last.end = ATTEMPT_BROKEN;
    snprintf(exchange.last.detail, sizeof exchange.last.detail, "Connection reset by peer");
    exchange.tries = 5;
    exchange.attempts = 7; /* includes a repetition by libcurl, and a redirect, which is not a failure */
    exchange.redirects = 1;
    exchange.outcome_unknown = true;
    expect(&exchange,
           "GET https://host/v0.7/x: Connection reset by peer (after 6 attempts) (the service may still have "
           "processed it)");
}

static void a_cancelled_call_is_reported_as_cancelled(void **state)
{
    struct exchange exchange = made("GET", DM_ERR_CANCELLED);
    (void)state;
    exchange.end = EXCHANGE_CANCELLED;
    expect(&exchange, "GET https://host/v0.7/x: cancelled");
}

static void a_timeout_reports_the_last_failure_if_there_was_one(void **state)
{
    struct exchange exchange = made("GET", DM_ERR_TIMEOUT);
    (void)state;
    exchange.tries = 0;
    exchange.end = EXCHANGE_TIMED_OUT;
    expect(&exchange, "GET https://host/v0.7/x: no answer before the timeout");

    exchange = made("GET", DM_ERR_TIMEOUT);
    exchange.end = EXCHANGE_TIMED_OUT;
    exchange.attempts = 2;
    exchange.last.end = ATTEMPT_BROKEN;
    exchange.last.status = DM_ERR_TIMEOUT;
    snprintf(exchange.last.detail, sizeof exchange.last.detail, "stalled");
    expect(&exchange, "GET https://host/v0.7/x: no answer before the timeout; the last failure was: stalled (after 2 "
                      "attempts)");

    exchange = answered(DM_ERR_TIMEOUT, 503, "{\"detail\":\"busy\"}");
    exchange.end = EXCHANGE_TIMED_OUT;
    exchange.http_status = 0; /* of an attempt that was aborted */
    expect(&exchange, "GET https://host/v0.7/x: no answer before the timeout; the last failure was: HTTP 503: busy");
}

static void a_stalled_attempt_is_not_a_timeout_of_the_call(void **state)
{
    struct exchange exchange = made("GET", DM_ERR_TIMEOUT);
    (void)state;
    exchange.last.end = ATTEMPT_BROKEN;
    exchange.last.status = DM_ERR_TIMEOUT;
    snprintf(exchange.last.detail, sizeof exchange.last.detail, "stalled");
    expect(&exchange, "GET https://host/v0.7/x: stalled");
}

static void the_message_for_a_retry_after_beyond_the_deadline_has_its_duration(void **state)
{
    struct exchange exchange = answered(DM_ERR_TIMEOUT, 429, "");
    dm_error error;
    (void)state;
    exchange.end = EXCHANGE_TOO_LATE;
    exchange.last.retry_after_ms = 3599001; /* rounded up: what is not over yet is not 0 */
    assert_status(explain_to(&error, &exchange, "the-key"), DM_ERR_TIMEOUT, &error);
    assert_non_null(strstr(error.message, "HTTP 429, and the service asks to wait 3600 s"));
    exchange_free(&exchange);
}

static struct exchange redirected(const char *method, bool ours)
{
    struct exchange exchange = answered(DM_ERR_REDIRECT, 302, "");
    ((struct request *)exchange.request)->method = method;
    text_append_string(&exchange.last.redirect, ours ? "/there" : "http://there/");
    exchange.last.redirect_is_ours = ours;
    return exchange;
}

static void the_message_for_a_missing_proxy_password_says_where_to_put_it(void **state)
{
    struct exchange exchange =
        answered(DM_ERR_REJECTED, 407, "<html><title>407 Proxy Authentication Required</title></html>");
    (void)state;
    expect(&exchange, "GET https://host/v0.7/x: HTTP 407: the proxy requires a user and a password in its address, or "
                      "rejects those given");
}

static void a_refused_redirect_is_reported_with_its_target_and_the_reason(void **state)
{
    struct exchange exchange = redirected("GET", false);
    (void)state;
    expect(&exchange,
           "GET https://host/v0.7/x: redirected to another server, to which the API key is not sent; if it is "
           "the service, set the API's address to http://there/");
    exchange = redirected("POST", false);
    expect(&exchange,
           "GET https://host/v0.7/x: redirected to another server, to which the API key is not sent; if it is "
           "the service, set the API's address to http://there/");
    exchange = redirected("POST", true);
    expect(&exchange,
           "GET https://host/v0.7/x: redirected to /there, but only GET requests follow redirects; check the API's "
           "address");
    exchange = redirected("GET", true);
    exchange.redirects = 5;
    expect(&exchange, "GET https://host/v0.7/x: redirected more than 5 times");
}

static void the_key_is_in_no_address_of_a_redirect_not_even_where_it_is_cut(void **state)
{
    (void)state;
    for (size_t before = 0; before < 500; before++) {
        struct exchange exchange = redirected("GET", false);
        dm_error error;
        for (size_t i = 0; i < before; i++)
            text_append_string(&exchange.last.redirect, "x");
        text_append_string(&exchange.last.redirect, "the-key-and-more");
        exchange.attempts = 2; /* the number of attempts follows the address in the message */
        assert_status(explain_to(&error, &exchange, "the-key"), DM_ERR_REDIRECT, &error);
        assert_null(strstr(error.message, "xth"));
        assert_null(strstr(error.message, "/the-"));
        exchange_free(&exchange);
    }
}

static void out_of_memory_has_its_own_message(void **state)
{
    struct exchange exchange = made("GET", DM_ERR_NO_MEMORY);
    (void)state;
    exchange.end = EXCHANGE_STUCK;
    expect(&exchange, "out of memory; the client still works");
}

static void the_advice_is_kept_however_long_the_reason_is(void **state)
{
    char words[2000];
    struct exchange exchange;
    dm_error error;
    (void)state;

    memset(words, 'w', sizeof words);
    words[sizeof words - 1] = '\0';
    exchange = answered(DM_ERR_CREDENTIALS, 401, words);
    assert_status(explain_to(&error, &exchange, "the-key"), DM_ERR_CREDENTIALS, &error);
    assert_non_null(strstr(error.message, "check the API key"));
    exchange_free(&exchange);
}

/* Searching a megabyte of text for the key would take too long. */
static void only_the_beginning_of_many_words_is_read(void **state)
{
    struct exchange exchange = answered(DM_ERR_SERVER, 500, "");
    (void)state;
    for (int i = 0; i < 64; i++) {
        char spaces[1025];
        snprintf(spaces, sizeof spaces, "%1024s", "");
        text_append_string(&exchange.last.body, spaces);
    }
    text_append_string(&exchange.last.body, "x");
    expect(&exchange, "GET https://host/v0.7/x: HTTP 500; the service gives no reason");
}

static void a_message_of_a_single_letter_is_read(void **state)
{
    struct exchange exchange = answered(DM_ERR_SERVER, 500, "x");
    (void)state;
    expect(&exchange, "GET https://host/v0.7/x: HTTP 500: x");
}

static void without_an_error_struct_only_the_status_is_returned(void **state)
{
    struct exchange exchange = answered(DM_ERR_SERVER, 500, "words");
    (void)state;
    assert_int_equal(explain_to(NULL, &exchange, "the-key"), DM_ERR_SERVER);
    exchange_free(&exchange);
}

/* ---- An answer that cannot be read ---- */

static void an_unreadable_answer_leaves_the_outcome_unknown(void **state)
{
    dm_error error;
    struct failure failure;
    (void)state;
    failure_init(&failure, &error);
    failure_set(&failure, DM_ERR_BAD_RESPONSE, "it is not JSON");
    explain_unknown_outcome(&failure);
    assert_status(failure.status, DM_ERR_BAD_RESPONSE, &error);
    assert_true(error.outcome_unknown);
    assert_string_equal(error.message, "it is not JSON (the service may still have processed it)");
    failure.error = NULL;
    explain_unknown_outcome(&failure);
}

/* Even the longest message ends with the note about the unknown outcome. */
static void a_long_message_has_room_for_the_unknown_outcome(void **state)
{
    static const char end[] = " (the service may still have processed it)";
    (void)state;
    for (int length = 1; length < 1000; length++) {
        dm_error error;
        struct failure failure;
        failure_init(&failure, &error);
        failure_set(&failure, DM_ERR_BAD_RESPONSE, "%0*d", length, 0);
        explain_unknown_outcome(&failure);
        const size_t used = strlen(error.message);
        assert_true(used < sizeof error.message);
        assert_string_equal(error.message + used - strlen(end), end);
        assert_int_equal(strspn(error.message, "0"), used - strlen(end));
    }
}

static void a_message_that_is_cut_for_the_unknown_outcome_is_valid_text(void **state)
{
    (void)state;
    for (int before = 0; before < 3; before++) {
        dm_error error;
        struct failure failure;
        char words[600] = "";
        memset(words, 'x', (size_t)before);
        while (strlen(words) + 4 < sizeof words)
            strcat(words, "\xe2\x82\xac");
        failure_init(&failure, &error);
        failure_set(&failure, DM_ERR_BAD_RESPONSE, "%s", words);
        explain_unknown_outcome(&failure);
        assert_true(utf8_valid(error.message, strlen(error.message)));
        assert_non_null(strstr(error.message, "\xe2\x82\xac (the service may still"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_http_error_contains_the_servers_message),
        cmocka_unit_test(the_servers_message_is_in_a_field_of_its_own_too),
        cmocka_unit_test(the_key_is_in_no_message_however_it_is_encoded_and_cut),
        cmocka_unit_test(some_messages_contain_advice),
        cmocka_unit_test(a_broken_connection_is_reported_with_its_reason_and_attempts),
        cmocka_unit_test(a_cancelled_call_is_reported_as_cancelled),
        cmocka_unit_test(a_timeout_reports_the_last_failure_if_there_was_one),
        cmocka_unit_test(a_stalled_attempt_is_not_a_timeout_of_the_call),
        cmocka_unit_test(the_message_for_a_retry_after_beyond_the_deadline_has_its_duration),
        cmocka_unit_test(the_message_for_a_missing_proxy_password_says_where_to_put_it),
        cmocka_unit_test(a_refused_redirect_is_reported_with_its_target_and_the_reason),
        cmocka_unit_test(the_key_is_in_no_address_of_a_redirect_not_even_where_it_is_cut),
        cmocka_unit_test(out_of_memory_has_its_own_message),
        cmocka_unit_test(the_advice_is_kept_however_long_the_reason_is),
        cmocka_unit_test(only_the_beginning_of_many_words_is_read),
        cmocka_unit_test(a_message_of_a_single_letter_is_read),
        cmocka_unit_test(without_an_error_struct_only_the_status_is_returned),
        cmocka_unit_test(an_unreadable_answer_leaves_the_outcome_unknown),
        cmocka_unit_test(a_long_message_has_room_for_the_unknown_outcome),
        cmocka_unit_test(a_message_that_is_cut_for_the_unknown_outcome_is_valid_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "client/failure.h"

#include "test.h"

#include <stdio.h>
#include <string.h>

static const char subject[] = "GET https://host/v0.7/x";

/* A finished exchange with one attempt. */
static struct exchange made(const char *method, dm_status status)
{
    static struct request sent;
    struct exchange of;
    sent = (struct request){.method = method};
    exchange_init(&of, &sent, NULL, 0);
    of.status = status;
    of.attempts = of.tries = 1;
    return of;
}

static struct exchange answered(dm_status status, int http_status, const char *words)
{
    struct exchange of = made("GET", status);
    of.last.end = ATTEMPT_ANSWERED;
    of.http_status = of.last.http_status = http_status;
    text_append_string(&of.last.body, words);
    return of;
}

static void expect(struct exchange *of, const char *message)
{
    dm_error error;
    memset(&error, 0, sizeof error);
    assert_int_equal(failure_explain(of, subject, "the-key", &error), of->status);
    assert_int_equal(error.status, of->status);
    assert_int_equal(error.http_status, of->http_status);
    assert_int_equal(error.outcome_unknown, of->maybe_carried_out);
    assert_string_equal(error.message, message);
    exchange_free(of);
}

static void an_http_error_says_the_servers_words(void **state)
{
    struct exchange of = answered(DM_ERR_REJECTED, 400, "{\"error\":\"inputs is empty\"}");
    (void)state;
    expect(&of, "GET https://host/v0.7/x: HTTP 400: inputs is empty");
    of = answered(DM_ERR_SERVER, 500, "");
    expect(&of, "GET https://host/v0.7/x: HTTP 500, and the service does not say why");
}

static void the_servers_words_stand_by_themselves_too(void **state)
{
    struct exchange of = answered(DM_ERR_NOT_FOUND, 404, "{\"detail\":\"Not found.\"}");
    dm_error error;
    (void)state;
    assert_int_equal(failure_explain(&of, subject, "the-key", &error), DM_ERR_NOT_FOUND);
    assert_string_equal(error.server_message, "Not found.");
    exchange_free(&of);
}

/* As JSON, "/" may be written "\\/": the key comes to light only when the words are read. */
static void the_key_is_in_no_words_however_it_was_written_and_cut(void **state)
{
    (void)state;
    for (size_t before = 0; before < 600; before += 7) {
        char reply[1024];
        struct exchange of = made("GET", DM_ERR_CREDENTIALS);
        dm_error error;

        snprintf(reply, sizeof reply, "{\"detail\":\"%0*d AbCdEf\\/GhIjKl\"}", (int)before + 1, 0);
        of.last.end = ATTEMPT_ANSWERED;
        of.last.http_status = 401;
        text_append_string(&of.last.body, reply);
        assert_int_equal(failure_explain(&of, subject, "AbCdEf/GhIjKl", &error), DM_ERR_CREDENTIALS);
        assert_null(strstr(error.message, "AbC"));
        assert_null(strstr(error.server_message, "AbC"));
        exchange_free(&of);
    }
}

static void some_errors_come_with_advice(void **state)
{
    static const struct {
        dm_status status;
        int http_status;
        const char *advice;
    } cases[] = {{DM_ERR_CREDENTIALS, 401, "is the API key right?"},
                 {DM_ERR_RATE_LIMITED, 429, "send fewer requests at a time"},
                 {DM_ERR_TLS, 0, "ca_file and client_certificate right?"},
                 {DM_ERR_NOT_FOUND, 404, "are the id and the API's address right"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange of = answered(cases[i].status, cases[i].http_status, "");
        dm_error error;
        assert_int_equal(failure_explain(&of, subject, "the-key", &error), cases[i].status);
        assert_non_null(strstr(error.message, cases[i].advice));
        exchange_free(&of);
    }
}

static void a_broken_connection_says_how_it_broke_and_how_often(void **state)
{
    struct exchange of = made("POST", DM_ERR_NETWORK);
    (void)state;
    of.last.end = ATTEMPT_BROKEN;
    snprintf(of.last.detail, sizeof of.last.detail, "Connection reset by peer");
    of.tries = 5;
    of.attempts = 7; /* with what libcurl sent again by itself, and one that was redirected, which is no failure */
    of.redirects = 1;
    of.maybe_carried_out = true;
    expect(&of, "GET https://host/v0.7/x: Connection reset by peer (after 6 attempts) (the service may have carried it "
                "out all the same)");
}

static void a_cancelled_call_says_so(void **state)
{
    struct exchange of = made("GET", DM_ERR_CANCELLED);
    (void)state;
    expect(&of, "GET https://host/v0.7/x: cancelled");
}

static void a_time_out_says_what_the_last_failure_was_if_there_was_one(void **state)
{
    struct exchange of = made("GET", DM_ERR_TIMEOUT);
    (void)state;
    of.tries = 0;
    of.given_up = true;
    expect(&of, "GET https://host/v0.7/x: no answer within the call's time (timeout_ms)");

    of = made("GET", DM_ERR_TIMEOUT);
    of.given_up = true;
    of.attempts = 2;
    of.last.end = ATTEMPT_BROKEN;
    of.last.status = DM_ERR_TIMEOUT;
    snprintf(of.last.detail, sizeof of.last.detail, "stalled");
    expect(&of, "GET https://host/v0.7/x: no answer within the call's time; the last failure was: stalled (after 2 "
                "attempts)");

    of = answered(DM_ERR_TIMEOUT, 503, "{\"detail\":\"busy\"}");
    of.given_up = true;
    of.http_status = 0; /* of an attempt that was broken off */
    expect(&of, "GET https://host/v0.7/x: no answer within the call's time; the last failure was: HTTP 503: busy");
}

static void an_attempt_that_stalled_is_no_end_of_the_calls_time(void **state)
{
    struct exchange of = made("GET", DM_ERR_TIMEOUT);
    (void)state;
    of.last.end = ATTEMPT_BROKEN;
    of.last.status = DM_ERR_TIMEOUT;
    snprintf(of.last.detail, sizeof of.last.detail, "stalled");
    expect(&of, "GET https://host/v0.7/x: stalled");
}

static void a_retry_after_beyond_the_deadline_says_for_how_long(void **state)
{
    struct exchange of = answered(DM_ERR_TIMEOUT, 429, "");
    dm_error error;
    (void)state;
    of.too_late = true;
    of.last.retry_after_ms = 3600000;
    assert_int_equal(failure_explain(&of, subject, "the-key", &error), DM_ERR_TIMEOUT);
    assert_non_null(strstr(error.message, "HTTP 429, and the service asks to wait 3600 s"));
    exchange_free(&of);
}

static struct exchange redirected(const char *method, bool ours)
{
    struct exchange of = answered(DM_ERR_REDIRECT, 302, "");
    ((struct request *)of.request)->method = method;
    text_append_string(&of.last.redirect, ours ? "/there" : "http://there/");
    of.last.redirect_is_ours = ours;
    return of;
}

static void a_proxy_without_its_password_says_where_to_put_it(void **state)
{
    struct exchange of =
        answered(DM_ERR_REJECTED, 407, "<html><title>407 Proxy Authentication Required</title></html>");
    (void)state;
    expect(&of, "GET https://host/v0.7/x: HTTP 407: the proxy wants a user and a password, or others, in its address");
}

static void a_redirect_says_where_to_and_why_not(void **state)
{
    struct exchange of = redirected("GET", false);
    (void)state;
    expect(&of, "GET https://host/v0.7/x: redirected to another server, which must not get the API key; if it is "
                "the service, make it the API's address: http://there/");
    of = redirected("POST", false);
    expect(&of, "GET https://host/v0.7/x: redirected to another server, which must not get the API key; if it is "
                "the service, make it the API's address: http://there/");
    of = redirected("POST", true);
    expect(&of, "GET https://host/v0.7/x: redirected to /there, where only a GET can follow; is the API's "
                "address right?");
    of = redirected("GET", true);
    of.redirects = 5;
    expect(&of, "GET https://host/v0.7/x: redirected more than 5 times");
}

static void the_key_is_in_no_address_of_a_redirect_not_even_where_it_is_cut(void **state)
{
    (void)state;
    for (size_t before = 0; before < 500; before++) {
        struct exchange of = redirected("GET", false);
        dm_error error;
        for (size_t i = 0; i < before; i++)
            text_append_string(&of.last.redirect, "x");
        text_append_string(&of.last.redirect, "the-key-and-more");
        of.attempts = 2; /* stands behind it */
        assert_int_equal(failure_explain(&of, subject, "the-key", &error), DM_ERR_REDIRECT);
        assert_null(strstr(error.message, "xth"));
        assert_null(strstr(error.message, "/the-"));
        exchange_free(&of);
    }
}

static void out_of_memory_is_said_in_its_own_words(void **state)
{
    struct exchange of = made("GET", DM_ERR_NO_MEMORY);
    (void)state;
    expect(&of, "out of memory; the client still works");
}

static void however_long_the_words_the_advice_is_not_lost(void **state)
{
    char words[2000];
    struct exchange of;
    dm_error error;
    (void)state;

    memset(words, 'w', sizeof words);
    words[sizeof words - 1] = '\0';
    of = answered(DM_ERR_CREDENTIALS, 401, words);
    assert_int_equal(failure_explain(&of, subject, "the-key", &error), DM_ERR_CREDENTIALS);
    assert_non_null(strstr(error.message, "is the API key right?"));
    exchange_free(&of);
}

/* A megabyte of words is no message, and to look for the key in it would take its time. */
static void only_the_beginning_of_many_words_is_read(void **state)
{
    struct exchange of = answered(DM_ERR_SERVER, 500, "");
    (void)state;
    for (int i = 0; i < 64; i++) {
        char spaces[1025];
        snprintf(spaces, sizeof spaces, "%1024s", "");
        text_append_string(&of.last.body, spaces);
    }
    text_append_string(&of.last.body, "x");
    expect(&of, "GET https://host/v0.7/x: HTTP 500, and the service does not say why");
}

static void a_single_letter_is_a_word_too(void **state)
{
    struct exchange of = answered(DM_ERR_SERVER, 500, "x");
    (void)state;
    expect(&of, "GET https://host/v0.7/x: HTTP 500: x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_http_error_says_the_servers_words),
        cmocka_unit_test(the_servers_words_stand_by_themselves_too),
        cmocka_unit_test(the_key_is_in_no_words_however_it_was_written_and_cut),
        cmocka_unit_test(some_errors_come_with_advice),
        cmocka_unit_test(a_broken_connection_says_how_it_broke_and_how_often),
        cmocka_unit_test(a_cancelled_call_says_so),
        cmocka_unit_test(a_time_out_says_what_the_last_failure_was_if_there_was_one),
        cmocka_unit_test(an_attempt_that_stalled_is_no_end_of_the_calls_time),
        cmocka_unit_test(a_retry_after_beyond_the_deadline_says_for_how_long),
        cmocka_unit_test(a_proxy_without_its_password_says_where_to_put_it),
        cmocka_unit_test(a_redirect_says_where_to_and_why_not),
        cmocka_unit_test(the_key_is_in_no_address_of_a_redirect_not_even_where_it_is_cut),
        cmocka_unit_test(out_of_memory_is_said_in_its_own_words),
        cmocka_unit_test(however_long_the_words_the_advice_is_not_lost),
        cmocka_unit_test(only_the_beginning_of_many_words_is_read),
        cmocka_unit_test(a_single_letter_is_a_word_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "transport/retry.h"

#include "base/clock.h"
#include "test.h"

#include <string.h>

static const struct retry_policy policy = {.max_attempts = 5, .delay_ms = 100, .max_delay_ms = 1000};
enum { AGES = 1000 * 1000 };

static struct outcome answered(int http_status, int64_t retry_after_ms)
{
    return (struct outcome){
        .end = ATTEMPT_ANSWERED, .http_status = http_status, .completely_sent = true, .retry_after_ms = retry_after_ms};
}

static struct outcome ended(enum attempt_end end, bool sent)
{
    return (struct outcome){.end = end, .status = DM_ERR_NETWORK, .completely_sent = sent, .retry_after_ms = -1};
}

static enum retry_verdict decide(const struct outcome *outcome, bool once)
{
    int64_t delay_ms = 0;
    return retry_decide(&policy, outcome, once, 1, AGES, 0.5, &delay_ms);
}

/* ---- Which failures, which requests ---- */

static void http_statuses_are_retried_as_in_this_table(void **state)
{
    static const struct {
        int http_status;
        int64_t retry_after_ms; /* -1: none was sent */
        bool transient;
        bool ambiguous;
    } cases[] = {
        {200, -1, false, false},   {204, -1, false, false},  {302, -1, false, true},   {304, -1, false, false},
        {400, -1, false, false},   {401, -1, false, false},  {403, -1, false, false},  {404, -1, false, false},
        {404, 1000, false, false}, {408, -1, true, true},    {408, 1000, true, true},  {409, -1, false, false},
        {413, -1, false, false},   {415, -1, false, false},  {422, -1, false, false},  {429, -1, true, false},
        {429, 0, true, false},     {429, 1000, true, false}, {499, -1, false, false},  {500, -1, true, true},
        {500, 1000, true, true},   {501, -1, false, false},  {502, -1, true, true},    {502, 0, true, true},
        {503, -1, true, true},     {503, 0, true, false},    {503, 1000, true, false}, {504, -1, true, true},
        {505, -1, false, false},   {599, -1, false, true},   {303, -1, false, true},   {507, -1, false, true},
        {519, -1, false, true},    {520, -1, true, true},    {522, -1, true, true},    {530, -1, true, true},
        {530, 1000, true, true},   {531, -1, false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct outcome outcome = answered(cases[i].http_status, cases[i].retry_after_ms);
        assert_int_equal(retry_is_transient(&outcome), cases[i].transient);
        assert_int_equal(retry_is_ambiguous(&outcome), cases[i].ambiguous);
        assert_int_equal(decide(&outcome, false), cases[i].transient ? RETRY_AGAIN : RETRY_NO);
        assert_int_equal(decide(&outcome, true), cases[i].transient && !cases[i].ambiguous ? RETRY_AGAIN : RETRY_NO);
    }
}

static void broken_attempts_are_retried_as_in_this_table(void **state)
{
    static const struct {
        enum attempt_end end;
        bool sent;
        enum retry_verdict verdict;
        enum retry_verdict verdict_once;
    } cases[] = {
        {ATTEMPT_UNSENT, false, RETRY_AGAIN, RETRY_AGAIN},
        {ATTEMPT_BROKEN, true, RETRY_AGAIN, RETRY_NO},
        {ATTEMPT_FATAL, false, RETRY_NO, RETRY_NO},
        {ATTEMPT_FATAL, true, RETRY_NO, RETRY_NO},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct outcome outcome = ended(cases[i].end, cases[i].sent);
        assert_int_equal(decide(&outcome, false), cases[i].verdict);
        assert_int_equal(decide(&outcome, true), cases[i].verdict_once);
        assert_int_equal(retry_is_ambiguous(&outcome), cases[i].sent);
    }
}

/* ---- How often ---- */

static void no_attempt_follows_the_last_allowed_one(void **state)
{
    const struct outcome outcome = answered(503, -1);
    int64_t delay_ms = 0;
    (void)state;

    for (int most = 1; most <= 4; most++) {
        const struct retry_policy few = {.max_attempts = most, .delay_ms = 1, .max_delay_ms = 1};
        for (int try = 1; try <= 5; try++)
            assert_int_equal(retry_decide(&few, &outcome, false, try, AGES, 0, &delay_ms),
                             try < most ? RETRY_AGAIN : RETRY_NO);
    }
}

/* ---- After how long ---- */

static int64_t pause_of(const struct retry_policy *chosen, const struct outcome *outcome, int try, double fraction)
{
    int64_t delay_ms = -1;
    assert_int_equal(retry_decide(chosen, outcome, false, try, CLOCK_NEVER, fraction, &delay_ms), RETRY_AGAIN);
    return delay_ms;
}

static void the_pause_is_a_part_of_a_bound_that_doubles_up_to_its_maximum(void **state)
{
    static const int64_t bounds[] = {100, 200, 400, 800, 1000, 1000, 1000};
    const struct retry_policy many = {.max_attempts = 100, .delay_ms = 100, .max_delay_ms = 1000};
    const struct outcome outcome = ended(ATTEMPT_BROKEN, true);
    (void)state;

    for (int try = 1; try <= (int)(sizeof bounds / sizeof bounds[0]); try++) {
        assert_int_equal(pause_of(&many, &outcome, try, 0), 0);
        assert_int_equal(pause_of(&many, &outcome, try, 0.5), bounds[try - 1] / 2);
        assert_true(pause_of(&many, &outcome, try, 0.999999) < bounds[try - 1]);
        assert_true(pause_of(&many, &outcome, try, 0.999999) >= bounds[try - 1] - 1);
    }
}

static void bounds_of_any_size_do_not_overflow(void **state)
{
    const struct outcome outcome = ended(ATTEMPT_UNSENT, false);
    const struct retry_policy giant = {.max_attempts = 1000, .delay_ms = INT32_MAX, .max_delay_ms = INT32_MAX};
    const struct retry_policy upside_down = {.max_attempts = 1000, .delay_ms = 500, .max_delay_ms = 10};
    (void)state;

    assert_true(pause_of(&giant, &outcome, 999, 0.5) == INT32_MAX / 2);
    assert_int_equal(pause_of(&upside_down, &outcome, 1, 0.5), 5);
    assert_int_equal(pause_of(&upside_down, &outcome, 999, 0.5), 5);
}

static void the_service_sets_the_pause_if_it_asks_for_one(void **state)
{
    const struct outcome outcome = answered(503, 7000);
    const struct outcome at_once = answered(503, 0);
    (void)state;
    assert_int_equal(pause_of(&policy, &outcome, 1, 0), 7000);
    assert_int_equal(pause_of(&policy, &outcome, 4, 0.9), 7000);
    assert_int_equal(pause_of(&policy, &at_once, 1, 0.5), 50);
}

static void a_pause_beyond_the_time_left_is_not_started(void **state)
{
    const struct outcome asks = answered(429, 1000);
    const struct outcome silent = answered(429, -1);
    int64_t delay_ms = 0;
    (void)state;

    assert_int_equal(retry_decide(&policy, &asks, false, 1, 1001, 0, &delay_ms), RETRY_AGAIN);
    assert_int_equal(retry_decide(&policy, &asks, false, 1, 1000, 0, &delay_ms), RETRY_TOO_LATE);
    assert_int_equal(retry_decide(&policy, &asks, false, 1, 0, 0, &delay_ms), RETRY_TOO_LATE);
    assert_int_equal(retry_decide(&policy, &asks, true, 1, 0, 0, &delay_ms), RETRY_TOO_LATE);
    assert_int_equal(retry_decide(&policy, &silent, false, 1, 50, 0.5, &delay_ms), RETRY_NO);
    assert_int_equal(retry_decide(&policy, &silent, false, 1, 51, 0.5, &delay_ms), RETRY_AGAIN);
    assert_int_equal(retry_decide(&policy, &silent, false, 1, 0, 0, &delay_ms), RETRY_NO);
}

static void an_attempt_that_would_not_be_repeated_is_never_too_late(void **state)
{
    const struct outcome ambiguous = answered(500, AGES);
    const struct outcome lasting = answered(400, AGES);
    int64_t delay_ms = 0;
    (void)state;

    assert_int_equal(retry_decide(&policy, &ambiguous, true, 1, 10, 0, &delay_ms), RETRY_NO);
    assert_int_equal(retry_decide(&policy, &lasting, false, 1, 10, 0, &delay_ms), RETRY_NO);
}

/* After the last attempt of a poll, the wait would poll again, which is also pointless if it is too late. */
static void the_last_attempt_may_be_too_late_too(void **state)
{
    const struct outcome last = answered(429, 1000);
    int64_t delay_ms = 0;
    (void)state;

    assert_int_equal(retry_decide(&policy, &last, false, 5, 1000, 0, &delay_ms), RETRY_TOO_LATE);
    assert_int_equal(retry_decide(&policy, &last, false, 5, 1001, 0, &delay_ms), RETRY_NO);
}

/* ---- The outcome itself ---- */

static void a_new_outcome_has_no_retry_after(void **state)
{
    struct outcome outcome;
    (void)state;

    outcome_init(&outcome);
    assert_int_equal(outcome.end, ATTEMPT_FATAL);
    assert_true(outcome.retry_after_ms < 0);
    assert_false(outcome.completely_sent);
    assert_int_equal(outcome.http_status, 0);
    text_append_string(&outcome.body, "body");
    text_append_string(&outcome.redirect, "http://elsewhere");
    outcome_free(&outcome);
    assert_int_equal(outcome.body.length, 0);
    assert_int_equal(outcome.redirect.length, 0);
}

static void a_refused_outcome_has_a_reason(void **state)
{
    char longer[1000];
    struct outcome outcome = outcome_fatal(DM_ERR_FILE, "it changed");
    (void)state;

    assert_int_equal(outcome.end, ATTEMPT_FATAL);
    assert_int_equal(outcome.status, DM_ERR_FILE);
    assert_string_equal(outcome.detail, "it changed");
    assert_false(retry_is_transient(&outcome));
    assert_false(retry_is_ambiguous(&outcome));
    outcome_free(&outcome);

    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    outcome = outcome_fatal(DM_ERR_FILE, longer);
    assert_int_equal(strlen(outcome.detail), sizeof outcome.detail - 1);
    outcome_free(&outcome);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http_statuses_are_retried_as_in_this_table),
        cmocka_unit_test(broken_attempts_are_retried_as_in_this_table),
        cmocka_unit_test(no_attempt_follows_the_last_allowed_one),
        cmocka_unit_test(the_pause_is_a_part_of_a_bound_that_doubles_up_to_its_maximum),
        cmocka_unit_test(bounds_of_any_size_do_not_overflow),
        cmocka_unit_test(the_service_sets_the_pause_if_it_asks_for_one),
        cmocka_unit_test(a_pause_beyond_the_time_left_is_not_started),
        cmocka_unit_test(an_attempt_that_would_not_be_repeated_is_never_too_late),
        cmocka_unit_test(the_last_attempt_may_be_too_late_too),
        cmocka_unit_test(a_new_outcome_has_no_retry_after),
        cmocka_unit_test(a_refused_outcome_has_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

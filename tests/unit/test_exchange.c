/* What an exchange does after each outcome of an attempt: it ends, or makes another attempt. */
#include "exchange_test.h"

#include "test.h"

static void http_statuses_are_mapped_as_in_this_table(void **state)
{
    static const struct {
        int http_status;
        dm_status status;
    } cases[] = {
        {200, DM_OK},
        {201, DM_OK},
        {204, DM_OK},
        {299, DM_OK},
        {300, DM_ERR_BAD_RESPONSE},
        {304, DM_ERR_BAD_RESPONSE},
        {400, DM_ERR_REJECTED},
        {401, DM_ERR_CREDENTIALS},
        {403, DM_ERR_CREDENTIALS},
        {404, DM_ERR_NOT_FOUND},
        {405, DM_ERR_REJECTED},
        {408, DM_ERR_SERVER},
        {409, DM_ERR_REJECTED},
        {413, DM_ERR_REJECTED},
        {415, DM_ERR_REJECTED},
        {429, DM_ERR_RATE_LIMITED},
        {499, DM_ERR_REJECTED},
        {500, DM_ERR_SERVER},
        {503, DM_ERR_SERVER},
        {599, DM_ERR_SERVER},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(status_of("GET", answered(cases[i].http_status)), cases[i].status);
}

static void an_attempt_without_an_answer_gives_its_own_status(void **state)
{
    (void)state;
    assert_int_equal(status_of("GET", ended(ATTEMPT_UNSENT)), DM_ERR_NETWORK);
    assert_int_equal(status_of("GET", ended(ATTEMPT_BROKEN)), DM_ERR_NETWORK);
    assert_int_equal(status_of("GET", outcome_fatal(DM_ERR_FILE, "")), DM_ERR_FILE);
}

static void a_transient_failure_makes_the_next_attempt_due_after_a_pause(void **state)
{
    const struct request sent = request_of("GET");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, answered(503)));
    assert_int_equal(run.ready_at, NOW + 50);
    assert_false(take(&run, ended(ATTEMPT_UNSENT)));
    assert_int_equal(run.ready_at, NOW + 100);
    assert_true(take(&run, answered(502)));
    assert_int_equal(run.attempts, MOST);
    assert_int_equal(run.status, DM_ERR_SERVER);
    assert_int_equal(run.last.http_status, 502);
    exchange_free(&run);
}

static void the_exchange_takes_the_outcome_over(void **state)
{
    const struct request sent = request_of("GET");
    struct outcome outcome = answered(200);
    struct exchange run;
    (void)state;

    text_append_string(&outcome.body, "{}");
    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_true(exchange_take(&run, &outcome, NOW, 0));
    assert_null(outcome.body.data);
    assert_string_equal(run.last.body.data, "{}");
    exchange_free(&run);
    assert_null(run.last.body.data);
}

/* libcurl repeats a request by itself without telling its caller. The error must include such repetitions. */
static void a_resend_by_libcurl_counts_as_an_attempt_but_not_as_a_try(void **state)
{
    const struct request sent = request_of("GET");
    struct outcome outcome = answered(404);
    struct exchange run;
    (void)state;

    outcome.resends = 2;
    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, answered(503)));
    assert_true(take(&run, outcome));
    assert_int_equal(run.status, DM_ERR_NOT_FOUND);
    assert_int_equal(run.attempts, 4);
    assert_int_equal(run.tries, 2);
    exchange_free(&run);
}

/* ---- Too late ---- */

static void a_retry_after_beyond_the_deadline_is_too_late(void **state)
{
    const struct request sent = request_of("GET");
    struct outcome outcome = answered(429);
    struct exchange run;
    (void)state;

    outcome.retry_after_ms = DEADLINE;
    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_true(take(&run, outcome));
    assert_int_equal(run.end, EXCHANGE_TOO_LATE);
    assert_false(run.transient);
    assert_int_equal(run.status, DM_ERR_RATE_LIMITED);
    exchange_free(&run);
}

static void a_deadline_that_is_past_allows_no_other_attempt(void **state)
{
    const struct request sent = request_of("GET");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, NOW - 1, NULL);
    assert_true(take(&run, answered(503)));
    assert_int_equal(run.end, EXCHANGE_CONCLUDED);
    assert_true(run.transient);
    exchange_free(&run);
}

/* ---- Whether the request may have taken effect ---- */

static void a_request_that_may_have_been_carried_out_has_an_unknown_outcome(void **state)
{
    static const struct {
        const char *method;
        int http_status; /* 0: see `end` */
        enum attempt_end end;
        bool unknown;
    } cases[] = {
        {"POST", 0, ATTEMPT_BROKEN, true},
        {"POST", 0, ATTEMPT_UNSENT, false},
        {"POST", 500, 0, true},
        {"POST", 503, 0, true},
        {"POST", 429, 0, false},
        {"POST", 400, 0, false},
        {"POST", 200, 0, false},
        {"PATCH", 0, ATTEMPT_BROKEN, true},
        {"DELETE", 0, ATTEMPT_BROKEN, true},
        {"GET", 0, ATTEMPT_BROKEN, false},
        {"GET", 500, 0, false},
    };
    const struct retry_policy once = {.max_attempts = 1};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct request sent = request_of(cases[i].method);
        struct exchange run;
        exchange_init(&run, &sent, &once, DEADLINE, NULL);
        assert_true(take(&run, cases[i].http_status != 0 ? answered(cases[i].http_status) : ended(cases[i].end)));
        assert_int_equal(run.outcome_unknown, cases[i].unknown);
        exchange_free(&run);
    }
}

static void an_earlier_attempt_may_have_been_carried_out_although_the_last_one_was_not(void **state)
{
    const struct request sent = request_of("POST");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, ended(ATTEMPT_BROKEN)));
    assert_false(take(&run, ended(ATTEMPT_UNSENT)));
    assert_true(take(&run, answered(400)));
    assert_true(run.outcome_unknown);
    exchange_free(&run);
}

static void a_success_makes_the_outcome_known(void **state)
{
    const struct request sent = request_of("PATCH");
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, ended(ATTEMPT_BROKEN)));
    assert_true(take(&run, answered(200)));
    assert_false(run.outcome_unknown);
    exchange_free(&run);
}

static void a_request_that_must_not_be_repeated_is_not(void **state)
{
    struct request sent = request_of("POST");
    struct exchange run;
    (void)state;

    sent.not_repeatable = true;
    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, ended(ATTEMPT_UNSENT)));
    assert_false(take(&run, answered(429)));
    assert_true(take(&run, ended(ATTEMPT_BROKEN)));
    assert_true(run.outcome_unknown);
    exchange_free(&run);

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_true(take(&run, answered(500)));
    exchange_free(&run);
}

static void a_repeated_delete_that_finds_nothing_has_succeeded(void **state)
{
    static const struct {
        const char *method;
        int first; /* 0: broken; 1: unsent */
        dm_status status;
    } cases[] = {{"DELETE", 0, DM_OK},
                 {"DELETE", 500, DM_OK},
                 {"DELETE", 1, DM_ERR_NOT_FOUND},
                 {"DELETE", 429, DM_ERR_NOT_FOUND},
                 {"PATCH", 0, DM_ERR_NOT_FOUND},
                 {"GET", 0, DM_ERR_NOT_FOUND}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct request sent = request_of(cases[i].method);
        struct exchange run;
        exchange_init(&run, &sent, &policy, DEADLINE, NULL);
        assert_false(take(&run, cases[i].first > 1    ? answered(cases[i].first)
                                : cases[i].first == 1 ? ended(ATTEMPT_UNSENT)
                                                      : ended(ATTEMPT_BROKEN)));
        assert_true(take(&run, answered(404)));
        assert_int_equal(run.status, cases[i].status);
        exchange_free(&run);
    }
}

/* ---- After a request that was partly sent ---- */

static void the_attempt_after_one_that_left_in_part_asks_first(void **state)
{
    const struct request sent = request_of("POST");
    const struct retry_policy often = {.max_attempts = 9, .delay_ms = 1, .max_delay_ms = 1};
    struct outcome cut = ended(ATTEMPT_UNSENT);
    struct exchange run;
    (void)state;

    cut.partly_sent = true;
    exchange_init(&run, &sent, &often, DEADLINE, NULL);
    assert_false(run.ask_first);
    assert_false(take(&run, ended(ATTEMPT_UNSENT))); /* there was no connection */
    assert_false(run.ask_first);
    assert_false(take(&run, cut));
    assert_true(run.ask_first);
    assert_false(take(&run, cut)); /* this attempt had asked first */
    assert_false(run.ask_first);
    assert_false(take(&run, cut));
    assert_true(run.ask_first);
    assert_false(take(&run, answered(503)));
    assert_false(run.ask_first);
    exchange_free(&run);
}

static void a_single_attempt_that_was_cut_off_is_followed_by_one_that_asks_first(void **state)
{
    const struct request sent = request_of("POST");
    const struct retry_policy once = {.max_attempts = 1, .delay_ms = 1, .max_delay_ms = 1};
    struct outcome cut = ended(ATTEMPT_UNSENT);
    struct exchange run;
    (void)state;

    cut.partly_sent = true;
    exchange_init(&run, &sent, &once, DEADLINE, NULL);
    assert_false(take(&run, cut));
    assert_true(run.ask_first);
    assert_true(take(&run, cut));
    assert_int_equal(run.attempts, 2);
    assert_int_equal(run.status, DM_ERR_NETWORK);
    exchange_free(&run);
}

/* A stall has no answer that could be lost. */
static void a_single_attempt_that_stalled_is_not_followed_by_another(void **state)
{
    const struct request sent = request_of("POST");
    const struct retry_policy once = {.max_attempts = 1};
    struct outcome stuck = ended(ATTEMPT_UNSENT);
    struct exchange run;
    (void)state;

    stuck.partly_sent = true;
    stuck.status = DM_ERR_TIMEOUT;
    exchange_init(&run, &sent, &once, DEADLINE, NULL);
    assert_true(take(&run, stuck));
    assert_int_equal(run.attempts, 1);
    exchange_free(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(http_statuses_are_mapped_as_in_this_table),
        cmocka_unit_test(an_attempt_without_an_answer_gives_its_own_status),
        cmocka_unit_test(a_transient_failure_makes_the_next_attempt_due_after_a_pause),
        cmocka_unit_test(the_exchange_takes_the_outcome_over),
        cmocka_unit_test(a_resend_by_libcurl_counts_as_an_attempt_but_not_as_a_try),
        cmocka_unit_test(a_retry_after_beyond_the_deadline_is_too_late),
        cmocka_unit_test(a_deadline_that_is_past_allows_no_other_attempt),
        cmocka_unit_test(a_request_that_may_have_been_carried_out_has_an_unknown_outcome),
        cmocka_unit_test(an_earlier_attempt_may_have_been_carried_out_although_the_last_one_was_not),
        cmocka_unit_test(a_success_makes_the_outcome_known),
        cmocka_unit_test(a_request_that_must_not_be_repeated_is_not),
        cmocka_unit_test(a_repeated_delete_that_finds_nothing_has_succeeded),
        cmocka_unit_test(the_attempt_after_one_that_left_in_part_asks_first),
        cmocka_unit_test(a_single_attempt_that_was_cut_off_is_followed_by_one_that_asks_first),
        cmocka_unit_test(a_single_attempt_that_stalled_is_not_followed_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Exchanges that are ended between attempts or during one: cancelled, timed out or stuck. */
#include "exchange_test.h"

#include "test.h"

static void an_attempt_that_is_aborted_counts(void **state)
{
    const struct request post = request_of("POST");
    const struct request get = request_of("GET");
    const struct outcome unsent = {.end = ATTEMPT_UNSENT};
    const struct outcome sent = {.end = ATTEMPT_BROKEN, .completely_sent = true};
    const struct outcome sent_again = {.end = ATTEMPT_BROKEN, .completely_sent = true, .resends = 1};
    struct exchange run;
    (void)state;

    exchange_init(&run, &post, &policy, DEADLINE, NULL);
    exchange_abort(&run, EXCHANGE_CANCELLED, &unsent);
    assert_int_equal(run.end, EXCHANGE_CANCELLED);
    assert_int_equal(run.attempts, 1);
    assert_false(run.outcome_unknown);
    assert_int_equal(run.status, DM_ERR_CANCELLED);
    exchange_abort(&run, EXCHANGE_TIMED_OUT, &sent_again);
    assert_true(run.outcome_unknown);
    assert_int_equal(run.attempts, 3);
    exchange_free(&run);

    exchange_init(&run, &get, &policy, DEADLINE, NULL);
    exchange_abort(&run, EXCHANGE_TIMED_OUT, &sent);
    assert_false(run.outcome_unknown);
    exchange_free(&run);
}

static void after_an_aborted_unsent_attempt_the_outcome_of_an_earlier_one_is_still_unknown(void **state)
{
    const struct request sent = request_of("POST");
    const struct outcome unsent = {.end = ATTEMPT_UNSENT};
    struct exchange run;
    (void)state;

    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, ended(ATTEMPT_BROKEN)));
    exchange_abort(&run, EXCHANGE_TIMED_OUT, &unsent);
    assert_true(run.outcome_unknown);
    exchange_free(&run);
}

/* The reply of the previous attempt is not the result of this one. */
static void an_aborted_attempt_clears_the_reply_and_keeps_the_outcome_before(void **state)
{
    const struct request sent = request_of("GET");
    const struct outcome broken = {.end = ATTEMPT_BROKEN, .completely_sent = true};
    struct outcome busy = answered(503);
    struct exchange run;
    (void)state;

    busy.retry_after_ms = 7;
    exchange_init(&run, &sent, &policy, DEADLINE, NULL);
    assert_false(take(&run, busy));
    assert_int_equal(run.http_status, 503);
    assert_int_equal(run.retry_after_ms, 7);
    exchange_abort(&run, EXCHANGE_TIMED_OUT, &broken);
    assert_int_equal(run.http_status, 0);
    assert_int_equal(run.retry_after_ms, 0);
    assert_int_equal(run.last.http_status, 503);
    exchange_free(&run);
}

static void each_way_to_end_an_exchange_has_its_status(void **state)
{
    static const struct {
        enum exchange_end end;
        dm_status status;
        bool transient;
    } cases[] = {{EXCHANGE_CANCELLED, DM_ERR_CANCELLED, false},
                 {EXCHANGE_TIMED_OUT, DM_ERR_TIMEOUT, true},
                 {EXCHANGE_STUCK, DM_ERR_NO_MEMORY, false}};
    const struct request sent = request_of("GET");
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct exchange run;
        exchange_init(&run, &sent, &policy, DEADLINE, NULL);
        assert_int_equal(run.end, EXCHANGE_OPEN);
        exchange_stop(&run, cases[i].end);
        assert_int_equal(run.end, cases[i].end);
        assert_int_equal(run.status, cases[i].status);
        assert_int_equal(exchange_end_status(cases[i].end), cases[i].status);
        assert_int_equal(run.transient, cases[i].transient);
        assert_int_equal(run.attempts, 0);
        exchange_free(&run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_attempt_that_is_aborted_counts),
        cmocka_unit_test(after_an_aborted_unsent_attempt_the_outcome_of_an_earlier_one_is_still_unknown),
        cmocka_unit_test(an_aborted_attempt_clears_the_reply_and_keeps_the_outcome_before),
        cmocka_unit_test(each_way_to_end_an_exchange_has_its_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/pace_wait.h"

#include "test.h"

static const struct pace_bounds bounds = {2, 2000};
static const struct pace known = {.count = 8, .mean_ms = 1000, .deviation_ms = 20, .round_trip_ms = 8};
static const struct pace nothing = {0};

static struct pace_wait begun(bool from_the_start)
{
    struct pace_wait wait;
    pace_wait_begin(&wait, 5000, from_the_start);
    return wait;
}

static void times_are_counted_from_the_start(void **state)
{
    struct pace_wait wait = begun(true);
    (void)state;
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 5000, 0), 975);
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 5100, 0), 875);
    pace_wait_pending(&wait, &(struct pace_poll){5975, 5990, true});
    assert_true(pace_wait_done(&wait, &(struct pace_poll){6010, 6025, true}));
    assert_int_equal(wait.observation.pending_ms, 975);
    assert_int_equal(wait.observation.done_ms, 1010);
    assert_int_equal(wait.observation.round_trip_ms, 15);
    assert_int_equal(wait.polls, 2);
}

/* The task may have ended long before the first poll. */
static void a_patient_wait_polls_later_and_learns_nothing(void **state)
{
    const struct pace_bounds tight = {2, 980};
    struct pace_wait wait = begun(true);
    (void)state;
    wait.grace_ms = 20;
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 5000, 0), 995);
    assert_int_equal(pace_wait_delay(&wait, &known, &tight, 5000, 0), 980);
    pace_wait_pending(&wait, &(struct pace_poll){5995, 6003, true});
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 6003, 0), 24);
    assert_false(pace_wait_done(&wait, &(struct pace_poll){6028, 6036, true}));
}

static void without_history_the_pace_is_that_of_a_first_task(void **state)
{
    struct pace_wait wait = begun(true);
    (void)state;
    assert_int_equal(pace_wait_delay(&wait, &nothing, &bounds, 5000, 0), 30);
    pace_wait_unknown(&wait);
    assert_int_equal(pace_wait_delay(&wait, &nothing, &bounds, 5100, 0), 15);
    assert_int_equal(wait.observation.pending_ms, PACE_NEVER_PENDING);
}

static void a_poll_that_was_retried_counts_when_its_answer_came(void **state)
{
    struct pace_wait wait = begun(true);
    (void)state;
    pace_wait_pending(&wait, &(struct pace_poll){5100, 5900, false});
    pace_wait_done(&wait, &(struct pace_poll){6000, 6500, false});
    assert_int_equal(wait.observation.pending_ms, 100);
    assert_int_equal(wait.observation.done_ms, 1500);
    assert_int_equal(wait.observation.round_trip_ms, 0);
}

static void a_task_that_may_be_done_already_is_polled_at_once(void **state)
{
    const struct pace_bounds inverted = {50, 20};
    struct pace_wait wait = begun(false);
    (void)state;
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 5000, 0.5), 2);
    assert_int_equal(pace_wait_delay(&wait, &nothing, &bounds, 5000, 0.5), 2);
    assert_int_equal(pace_wait_delay(&wait, &nothing, &inverted, 5000, 0.5), 20);
    pace_wait_pending(&wait, &(struct pace_poll){5002, 5010, true});
    assert_int_equal(pace_wait_delay(&wait, &known, &bounds, 5010, 0), 965);
    assert_int_equal(pace_wait_delay(&wait, &nothing, &bounds, 5010, 0), 30);
}

/* The task may have been finished for hours. */
static void nothing_is_learned_from_a_task_that_is_done_already(void **state)
{
    struct pace_wait wait = begun(false);
    (void)state;
    assert_false(pace_wait_done(&wait, &(struct pace_poll){5002, 5010, true}));
    wait = begun(true);
    assert_true(pace_wait_done(&wait, &(struct pace_poll){5002, 5010, true}));
    wait = begun(false);
    pace_wait_pending(&wait, &(struct pace_poll){5002, 5010, true});
    assert_true(pace_wait_done(&wait, &(struct pace_poll){5020, 5030, true}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_counted_from_the_start),
        cmocka_unit_test(a_patient_wait_polls_later_and_learns_nothing),
        cmocka_unit_test(without_history_the_pace_is_that_of_a_first_task),
        cmocka_unit_test(a_poll_that_was_retried_counts_when_its_answer_came),
        cmocka_unit_test(a_task_that_may_be_done_already_is_polled_at_once),
        cmocka_unit_test(nothing_is_learned_from_a_task_that_is_done_already),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

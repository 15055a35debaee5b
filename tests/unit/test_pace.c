#include "base/pace.h"

#include "array.h"
#include "test.h"

static const struct pace_bounds wide = {1, 1000000};

/* A mean of 1000 ms, a deviation of 20 ms, and a round trip of 8 ms. */
static const struct pace known = {.count = 8, .mean_ms = 1000, .deviation_ms = 20, .round_trip_ms = 8};

#define ALMOST_1 0x1.fffffffffffffp-1

/* ---- The next poll ---- */

static void without_history_polls_come_at_growing_intervals(void **state)
{
    static const struct {
        int64_t elapsed_ms;
        int polls;
        double fraction;
        int64_t delay_ms;
    } cases[] = {
        {0, 0, 0, 30},     {0, 0, ALMOST_1, 30}, {500, 0, 0, 30},
        {30, 1, 0, 5},     {100, 2, 0, 15},      {100, 2, ALMOST_1, 11},
        {1000, 9, 0, 150}, {1000, 9, 0.5, 131},  {1000, 9, ALMOST_1, 113},
        {1, 1, 0, 5},      {60000, 50, 0, 9000},
    };
    const struct pace nothing = {0};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(pace_delay(&nothing, &wide, cases[i].elapsed_ms, cases[i].polls, cases[i].fraction),
                         cases[i].delay_ms);
}

/* The first poll is at 1000 - 2 * 20 + 15. Each step is 28 minus the round trip, plus a part of the time since then. */
static void with_history_the_first_poll_comes_near_the_end(void **state)
{
    static const struct {
        int64_t elapsed_ms;
        int polls;
        double fraction;
        int64_t delay_ms;
    } cases[] = {
        {0, 0, 0, 975},   {0, 0, ALMOST_1, 971}, {100, 0, 0, 875},         {500, 1, 0, 475},
        {2000, 0, 0, 0},  {975, 1, 0, 20},       {983, 1, 0, 21},          {1015, 2, 0, 26},
        {1075, 2, 0, 35}, {2000, 9, 0, 174},     {2000, 9, ALMOST_1, 130}, {9000, 9, 0, 1224},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct pace_bounds bounds = {0, 1000000};
        assert_int_equal(pace_delay(&known, &bounds, cases[i].elapsed_ms, cases[i].polls, cases[i].fraction),
                         cases[i].delay_ms);
    }
}

static void if_tasks_differ_by_less_than_a_round_trip_the_first_poll_finds_them_done(void **state)
{
    const struct pace steady = {.count = 8, .mean_ms = 1000, .deviation_ms = 2, .round_trip_ms = 200};
    (void)state;
    assert_int_equal(pace_delay(&steady, &wide, 0, 0, 0), 1004);
}

/* It comes after the mean plus two deviations, but is delayed by at most 4 ms or a 32nd of the mean. */
static void a_patient_first_poll_comes_a_little_later(void **state)
{
    static const struct {
        struct pace pace;
        int64_t grace_ms;
    } cases[] = {
        {{.count = 8, .mean_ms = 20}, 3},
        {{.count = 8, .mean_ms = 20, .deviation_ms = 2}, 4},
        {{.count = 8, .mean_ms = 1000, .deviation_ms = 2}, 7},
        {{.count = 8, .mean_ms = 1000, .deviation_ms = 20}, 31},
        {{.count = 8, .mean_ms = 300, .deviation_ms = 2, .round_trip_ms = 100},
         0}, /* the first poll is that late anyway */
        {{.count = 7, .mean_ms = 20}, 0},
        {{0}, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(pace_grace(&cases[i].pace), cases[i].grace_ms);
}

/* The long round trips may have been temporary. */
static void a_pause_is_at_least_an_eighth_of_a_step(void **state)
{
    struct pace delayed = known;
    (void)state;
    delayed.round_trip_ms = 1000;
    assert_int_equal(pace_delay(&delayed, &wide, 1200, 1, 0), 7);
}

/* This poll took ten seconds. */
static void a_delayed_poll_changes_the_round_trip_little(void **state)
{
    struct pace pace = known;
    (void)state;
    pace_learn(&pace, &(struct pace_observation){990, 1000, 10000});
    assert_true(pace.round_trip_ms == 9);
}

static void a_first_poll_comes_not_much_earlier_than_without_history(void **state)
{
    const struct pace scattered = {.count = 8, .mean_ms = 1000, .deviation_ms = 900};
    const struct pace fast = {.count = 8, .mean_ms = 8, .deviation_ms = 8};
    const struct pace at_once = {.count = 8};
    (void)state;
    assert_int_equal(pace_delay(&scattered, &wide, 0, 0, 0), 30);
    assert_int_equal(pace_delay(&scattered, &wide, 0, 0, ALMOST_1), 23);
    assert_int_equal(pace_delay(&fast, &wide, 0, 0, 0), 2);
    assert_int_equal(pace_delay(&at_once, &wide, 0, 0, 0), 1);
}

static void all_pauses_are_within_the_bounds(void **state)
{
    static const struct pace_bounds narrow = {40, 50};
    static const struct pace_bounds inverted = {5000, 7};
    const struct pace nothing = {0};
    const struct pace *const paces[] = {&nothing, &known};
    (void)state;
    for (size_t i = 0; i < COUNT(paces); i++)
        for (int polls = 0; polls < 60; polls++) {
            assert_in_range(pace_delay(paces[i], &narrow, 25 * polls, polls, 0), 40, 50);
            assert_int_equal(pace_delay(paces[i], &inverted, 25 * polls, polls, 0), 7);
        }
}

/* Clients that start at the same time must not poll at the same time, even if both bounds are equal. */
static void pauses_after_the_first_poll_are_shortened_at_random(void **state)
{
    static const struct pace_bounds equal = {400, 400};
    const struct pace nothing = {0};
    (void)state;
    assert_int_equal(pace_delay(&nothing, &equal, 0, 0, ALMOST_1), 400);
    assert_int_equal(pace_delay(&nothing, &equal, 400, 1, 0), 400);
    assert_int_equal(pace_delay(&nothing, &equal, 400, 1, 0.5), 350);
    assert_int_equal(pace_delay(&nothing, &equal, 400, 1, ALMOST_1), 300);
    assert_int_equal(pace_delay(&known, &equal, 2000, 5, ALMOST_1), 300);
}

/* A poll just before the deadline would get its answer too late. */
static void a_long_time_before_the_first_poll_is_divided_evenly(void **state)
{
    const struct pace_bounds bounds = {1, 900};
    (void)state;
    assert_int_equal(pace_delay(&known, &bounds, 0, 0, 0), 488);
    assert_int_equal(pace_delay(&known, &bounds, 488, 1, 0), 487);
}

static void the_longest_times_do_not_overflow(void **state)
{
    const struct pace_bounds bounds = {INT32_MAX, INT32_MAX};
    const struct pace long_ago = {.count = 8, .mean_ms = 1e18, .deviation_ms = 1e18, .round_trip_ms = 1e18};
    (void)state;
    assert_int_equal(pace_delay(&long_ago, &bounds, 0, 0, 0.5), INT32_MAX);
    assert_int_equal(pace_delay(&long_ago, &bounds, INT64_MAX, INT32_MAX, 0), INT32_MAX);
}

static void near_the_end_of_time_the_last_poll_comes_before_it(void **state)
{
    static const struct {
        int64_t delay_ms;
        int64_t left_ms;
        int64_t result_ms;
    } cases[] = {
        {500, 1000, 500},                    /* there is time enough */
        {984, 1000, 984},                    /* just enough for a poll of twice the usual time */
        {985, 1000, 750},                    /* not enough */
        {5000, 1000, 750}, {5000, 40, 24},   /* only less than a quarter of it would be too early */
        {5000, 17, 1},     {5000, 16, 5000}, /* there is no time for another poll */
        {5000, 0, 5000},   {5000, INT64_MAX, 5000},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(pace_within(&known, &wide, cases[i].delay_ms, cases[i].left_ms), cases[i].result_ms);
}

static void the_last_poll_comes_not_earlier_than_the_shortest_pause(void **state)
{
    static const struct pace_bounds slow = {600, 2000};
    (void)state;
    assert_int_equal(pace_within(&known, &slow, 2000, 1300), 700);
    assert_int_equal(pace_within(&known, &slow, 2000, 1000), 2000);
}

/* ---- Learning ---- */

static struct pace learned(struct pace pace, int64_t pending_ms, int64_t done_ms)
{
    const struct pace_observation observation = {pending_ms, done_ms, 0};
    pace_learn(&pace, &observation);
    return pace;
}

static void the_first_task_is_expected_in_the_middle(void **state)
{
    const struct pace pace = learned((struct pace){0}, 280, 320);
    (void)state;
    assert_int_equal(pace.count, 1);
    assert_true(pace.mean_ms == 300 && pace.deviation_ms == 20);
}

static void a_typical_duration_changes_little(void **state)
{
    const struct pace pace = learned(known, 980, 1020);
    (void)state;
    assert_true(pace.mean_ms == 1000);
    assert_true(pace.deviation_ms == 15);
}

static void later_tasks_shift_the_mean_by_an_eighth(void **state)
{
    const struct pace pace = learned(known, 1080, 1080);
    (void)state;
    assert_true(pace.mean_ms == 1010);
    assert_true(pace.deviation_ms == 20 + (80 - 20) / 4.0);
}

static void the_first_tasks_count_for_more(void **state)
{
    struct pace pace = learned((struct pace){0}, 100, 100);
    (void)state;
    pace = learned(pace, 102, 102);
    assert_true(pace.mean_ms == 101);
    pace = learned(pace, 104, 104);
    assert_true(pace.mean_ms == 102);
}

/* There was no poll for five seconds, so the task may have ended at the expected time. */
static void nothing_is_learned_from_a_long_pause(void **state)
{
    const struct pace pace = learned(known, 900, 5900);
    const struct pace unseen = learned(known, PACE_NEVER_PENDING, 5900);
    (void)state;
    assert_memory_equal(&pace, &known, sizeof pace);
    assert_memory_equal(&unseen, &known, sizeof unseen);
}

/* It is only known that the task took longer than until the pause. */
static void before_a_long_pause_a_late_task_counts_up_to_the_last_pending_poll(void **state)
{
    const struct pace pace = learned(known, 1400, 9000);
    (void)state;
    assert_true(pace.mean_ms == 1050);
}

/* How much earlier they ended is unknown, so the mean falls in growing steps. */
static void tasks_that_the_first_poll_finds_done_lower_the_mean_in_growing_steps(void **state)
{
    struct pace pace = known;
    double fall = 0;
    (void)state;
    for (int i = 0; i < 5; i++) {
        const double before = pace.mean_ms;
        pace = learned(pace, PACE_NEVER_PENDING, 975);
        assert_true(before - pace.mean_ms > (i < 2 ? 0 : 1.5 * fall));
        fall = before - pace.mean_ms;
    }
    assert_true(pace.mean_ms < 950);
    assert_int_equal(learned(pace, (int64_t)pace.mean_ms, (int64_t)pace.mean_ms).early, 0);
}

static void a_mean_is_never_below_0(void **state)
{
    struct pace pace = known;
    (void)state;
    for (int i = 0; i < 200; i++) {
        pace = learned(pace, PACE_NEVER_PENDING, (int64_t)pace.mean_ms);
        assert_true(pace.mean_ms >= 0 && pace.deviation_ms >= 0);
    }
    assert_true(pace.mean_ms < 2);
}

static void the_round_trip_is_learned(void **state)
{
    struct pace pace = {0};
    (void)state;
    pace_learn(&pace, &(struct pace_observation){10, 20, 80});
    assert_true(pace.round_trip_ms == 80);
    pace_learn(&pace, &(struct pace_observation){10, 20, 160});
    assert_true(pace.round_trip_ms == 90);
    pace_learn(&pace, &(struct pace_observation){10, 20, 0});
    assert_true(pace.round_trip_ms == 90);
    pace_learn(&pace, &(struct pace_observation){10, 20, 30});
    assert_true(pace.round_trip_ms == 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_history_polls_come_at_growing_intervals),
        cmocka_unit_test(with_history_the_first_poll_comes_near_the_end),
        cmocka_unit_test(if_tasks_differ_by_less_than_a_round_trip_the_first_poll_finds_them_done),
        cmocka_unit_test(a_patient_first_poll_comes_a_little_later),
        cmocka_unit_test(a_pause_is_at_least_an_eighth_of_a_step),
        cmocka_unit_test(a_delayed_poll_changes_the_round_trip_little),
        cmocka_unit_test(a_first_poll_comes_not_much_earlier_than_without_history),
        cmocka_unit_test(all_pauses_are_within_the_bounds),
        cmocka_unit_test(pauses_after_the_first_poll_are_shortened_at_random),
        cmocka_unit_test(a_long_time_before_the_first_poll_is_divided_evenly),
        cmocka_unit_test(the_longest_times_do_not_overflow),
        cmocka_unit_test(near_the_end_of_time_the_last_poll_comes_before_it),
        cmocka_unit_test(the_last_poll_comes_not_earlier_than_the_shortest_pause),
        cmocka_unit_test(the_first_task_is_expected_in_the_middle),
        cmocka_unit_test(a_typical_duration_changes_little),
        cmocka_unit_test(later_tasks_shift_the_mean_by_an_eighth),
        cmocka_unit_test(the_first_tasks_count_for_more),
        cmocka_unit_test(nothing_is_learned_from_a_long_pause),
        cmocka_unit_test(before_a_long_pause_a_late_task_counts_up_to_the_last_pending_poll),
        cmocka_unit_test(tasks_that_the_first_poll_finds_done_lower_the_mean_in_growing_steps),
        cmocka_unit_test(a_mean_is_never_below_0),
        cmocka_unit_test(the_round_trip_is_learned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/clock.h"

#include "test.h"

#include <time.h>

static void the_clock_counts_milliseconds(void **state)
{
    const struct timespec pause = {.tv_nsec = 20000000};
    (void)state;
    const int64_t before = clock_now();
    assert_int_equal(nanosleep(&pause, NULL), 0);
    const int64_t after = clock_now();
    assert_true(after - before >= 19);
    assert_true(after - before < 60000);
}

static void a_deadline_is_that_far_from_now(void **state)
{
    (void)state;
    const int64_t before = clock_now();
    const int64_t deadline = clock_after(5000);
    const int64_t after = clock_now();
    assert_true(deadline >= before + 5000 && deadline <= after + 5000);
}

static void no_delay_is_now(void **state)
{
    (void)state;
    const int64_t before = clock_now();
    const int64_t deadline = clock_after(0);
    assert_true(deadline >= before && deadline <= clock_now());
}

static void a_negative_or_endless_delay_is_never(void **state)
{
    static const int64_t delays[] = {-1, INT64_MIN, INT64_MAX, INT64_MAX - 1};
    (void)state;
    for (size_t i = 0; i < sizeof delays / sizeof delays[0]; i++)
        assert_true(clock_after(delays[i]) == CLOCK_NEVER);
    assert_true(clock_after(INT64_MAX / 2) < CLOCK_NEVER);
}

static void a_time_in_the_past_is_0_ms_away(void **state)
{
    (void)state;
    assert_int_equal(clock_until(100, 250), 150);
    assert_int_equal(clock_until(100, 100), 0);
    assert_int_equal(clock_until(250, 100), 0);
    assert_true(clock_until(1, CLOCK_NEVER) == INT64_MAX - 1);
}

static void the_earlier_of_two_times_is_returned(void **state)
{
    (void)state;
    assert_int_equal(clock_earlier(1, 2), 1);
    assert_int_equal(clock_earlier(2, 1), 1);
    assert_int_equal(clock_earlier(CLOCK_NEVER, 7), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clock_counts_milliseconds),
        cmocka_unit_test(a_deadline_is_that_far_from_now),
        cmocka_unit_test(no_delay_is_now),
        cmocka_unit_test(a_negative_or_endless_delay_is_never),
        cmocka_unit_test(a_time_in_the_past_is_0_ms_away),
        cmocka_unit_test(the_earlier_of_two_times_is_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

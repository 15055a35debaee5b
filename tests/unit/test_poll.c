#include "api/poll.h"

#include "test.h"

static void the_first_poll_comes_after_the_first_pause(void **state)
{
    (void)state;
    assert_int_equal(poll_delay(50, 1000, 0, 0), 50);
    assert_int_equal(poll_delay(50, 1000, 0, 0.999), 50);
    assert_int_equal(poll_delay(5000, 1000, 0, 0.5), 1000);
}

/* Each pause is between half of its bound and its bound; bounds double up to the longest. */
static void pauses_grow_up_to_the_longest(void **state)
{
    static const struct {
        int round;
        int64_t least;
        int64_t middle;
        int64_t most;
    } pauses[] = {
        {1, 50, 75, 99},    {2, 100, 150, 199}, {3, 200, 300, 399},    {4, 400, 600, 799},
        {5, 500, 750, 999}, {6, 500, 750, 999}, {1000, 500, 750, 999}, {2000000000, 500, 750, 999},
    };
    (void)state;
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        assert_int_equal(poll_delay(50, 1000, pauses[i].round, 0), pauses[i].least);
        assert_int_equal(poll_delay(50, 1000, pauses[i].round, 0.5), pauses[i].middle);
        assert_int_equal(poll_delay(50, 1000, pauses[i].round, 0x1.fffffffffffffp-1), pauses[i].most);
    }
}

static void a_longest_pause_below_the_first_holds(void **state)
{
    (void)state;
    for (int round = 1; round < 5; round++)
        assert_in_range(poll_delay(5000, 100, round, 0.5), 50, 100);
}

static void the_longest_pauses_do_not_overflow(void **state)
{
    (void)state;
    assert_in_range(poll_delay(INT32_MAX, INT32_MAX, 100, 0.5), INT32_MAX / 2, INT32_MAX);
    assert_in_range(poll_delay(1, INT32_MAX, 100, 0.5), INT32_MAX / 2, INT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_poll_comes_after_the_first_pause),
        cmocka_unit_test(pauses_grow_up_to_the_longest),
        cmocka_unit_test(a_longest_pause_below_the_first_holds),
        cmocka_unit_test(the_longest_pauses_do_not_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

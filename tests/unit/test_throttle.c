/* How a queue slows down after refusals, and speeds up again. */
#include "api/throttle.h"

#include "test.h"

static void without_refusals_only_the_connections_limit(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int i = 0; i < 1000; i++) {
        assert_true(throttle_ready_at(&throttle) <= 100);
        throttle_note_sent(&throttle, 100);
        throttle_note_accepted(&throttle, 100);
    }
    assert_true(throttle_has_room(&throttle, 7));
    assert_false(throttle_has_room(&throttle, 8));
}

static void a_refusal_pauses_and_halves(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_sent(&throttle, 1000);
    throttle_note_refused(&throttle, 1010, 1000, 2000);
    assert_int_equal(throttle_ready_at(&throttle), 3010);
    assert_true(throttle_has_room(&throttle, 3));
    assert_false(throttle_has_room(&throttle, 4));
}

/* They were all sent before the first refusal was known. */
static void several_refusals_at_a_time_slow_down_once(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int i = 0; i < 8; i++)
        throttle_note_sent(&throttle, 1000 + i);
    for (int i = 0; i < 8; i++)
        throttle_note_refused(&throttle, 1020 + i, 1000 + i, i == 3 ? 5000 : 1000);
    assert_int_equal(throttle_ready_at(&throttle), 6023);
    assert_true(throttle_has_room(&throttle, 3));
    assert_false(throttle_has_room(&throttle, 4));
}

static void the_window_never_falls_below_one_and_grows_with_successes(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int64_t now = 1000; now < 11000; now += 1000) {
        throttle_note_sent(&throttle, now);
        throttle_note_refused(&throttle, now + 1, now, 1);
    }
    assert_true(throttle_has_room(&throttle, 0));
    assert_false(throttle_has_room(&throttle, 1));
    for (int64_t now = 20000; now < 20100; now++)
        throttle_note_accepted(&throttle, now);
    assert_true(throttle_has_room(&throttle, 7));
    assert_false(throttle_has_room(&throttle, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_refusals_only_the_connections_limit),
        cmocka_unit_test(a_refusal_pauses_and_halves),
        cmocka_unit_test(several_refusals_at_a_time_slow_down_once),
        cmocka_unit_test(the_window_never_falls_below_one_and_grows_with_successes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

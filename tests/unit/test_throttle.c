/* How a queue slows down after rejections, and speeds up again. Whole runs are simulated
 * in test_throttle_simulation.c. */
#include "api/throttle.h"

#include "array.h"
#include "test.h"

static void without_rejections_only_the_connections_limit(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int i = 0; i < 1000; i++) {
        assert_true(throttle_ready_at(&throttle) <= 100);
        throttle_note_sent(&throttle, 100);
        throttle_note_answered(&throttle, 100);
    }
    assert_true(throttle_has_room(&throttle, 7));
    assert_false(throttle_has_room(&throttle, 8));
}

static void a_rejection_pauses_and_halves(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_sent(&throttle, 1000);
    throttle_note_rejected(&throttle, 1010, 1000, 2000);
    assert_int_equal(throttle_ready_at(&throttle), 3010);
    assert_true(throttle_has_room(&throttle, 3));
    assert_false(throttle_has_room(&throttle, 4));
}

/* The sum of such a pause and the time would overflow. */
static void an_endless_pause_never_ends(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_sent(&throttle, 1000);
    throttle_note_rejected(&throttle, 1010, 1000, INT64_MAX);
    assert_int_equal(throttle_ready_at(&throttle), INT64_MAX);
    throttle_note_answered(&throttle, 1020); /* sent before the rejection */
    assert_int_equal(throttle_ready_at(&throttle), INT64_MAX);
}

/* They were all sent before the first rejection was known. */
static void several_rejections_at_a_time_slow_down_once(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int i = 0; i < 8; i++)
        throttle_note_sent(&throttle, 1000 + i);
    for (int i = 0; i < 8; i++)
        throttle_note_rejected(&throttle, 1020 + i, 1000 + i, i == 3 ? 5000 : 1000);
    assert_int_equal(throttle_ready_at(&throttle), 6023);
    assert_true(throttle_has_room(&throttle, 3));
    assert_false(throttle_has_room(&throttle, 4));
}

static void the_limit_of_submissions_never_falls_below_one_and_grows_with_answers(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int64_t now = 1000; now < 11000; now += 1000) {
        throttle_note_sent(&throttle, now);
        throttle_note_rejected(&throttle, now + 1, now, 1);
    }
    assert_true(throttle_has_room(&throttle, 0));
    assert_false(throttle_has_room(&throttle, 1));
    for (int64_t now = 20000; now < 20100; now++)
        throttle_note_answered(&throttle, now);
    assert_true(throttle_has_room(&throttle, 7));
    assert_false(throttle_has_room(&throttle, 8));
}

/* An answer during the pause is to a request that was sent in the second before it. */
static void what_is_accepted_during_the_pause_belongs_to_the_second_before_it(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int i = 0; i < 20; i++)
        throttle_note_answered(&throttle, 1000);
    throttle_note_rejected(&throttle, 1010, 1000, 2000);
    const double rate = throttle.rate;
    assert_in_range((int64_t)rate, 18, 20);
    for (int i = 0; i < 4; i++)
        throttle_note_answered(&throttle, 1020);
    assert_in_range((int64_t)throttle.rate, 22, 24);
    assert_int_equal(throttle_ready_at(&throttle), 3010);
}

/* As after an earlier run, whose requests the service still counts. */
static void a_rejection_of_the_first_requests_says_nothing_about_the_rate(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_answered(&throttle, 1000);
    throttle_note_rejected(&throttle, 1010, 1000, 1000);
    assert_int_equal(throttle_ready_at(&throttle), 2010);
    for (int i = 0; i < 50; i++) {
        throttle_note_sent(&throttle, 2100);
        assert_int_equal(throttle_ready_at(&throttle), 2010);
        throttle_note_answered(&throttle, 2100);
    }
    throttle_note_rejected(&throttle, 2200, 2190, 1000);
    assert_in_range((int64_t)throttle.rate, 45, 50);
}

/* One request at a time is the least that can be tried. */
static void if_everything_is_rejected_one_request_is_sent_in_a_second(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    for (int64_t now = 1000; now < 5000; now += 1000) {
        assert_true(throttle.rate <= 0);
        throttle_note_sent(&throttle, now);
        throttle_note_rejected(&throttle, now + 10, now, 100);
    }
    assert_int_equal((int64_t)throttle.rate, 1);
}

/* At the time 1500, a request is rejected after the service has accepted 50 in the last second. */
static void begin_limited(struct throttle *throttle, int64_t pause_ms)
{
    throttle_init(throttle, 8);
    for (int i = 0; i < 50; i++)
        throttle_note_answered(throttle, 1000);
    throttle_note_rejected(throttle, 1500, 1400, pause_ms);
}

/* The pause does not count as time without a rejection. */
static void after_a_long_pause_the_rate_grows_slowly(void **state)
{
    struct throttle throttle;
    (void)state;

    begin_limited(&throttle, 60000);
    const double rate = throttle.rate;
    for (int i = 0; i < 50; i++)
        throttle_note_answered(&throttle, 62000 + 5 * i);
    assert_true(throttle.rate > rate && throttle.rate < 1.01 * rate);
}

/* While less is sent than the rate allows, nothing is learned about the service. */
static void the_rate_does_not_grow_while_it_is_not_used(void **state)
{
    struct throttle throttle;
    (void)state;

    begin_limited(&throttle, 1000);
    const double rate = throttle.rate;
    for (int64_t now = 3000; now < 600 * 1000; now += 100)
        throttle_note_answered(&throttle, now);
    assert_true(throttle.rate == rate);
}

/* The calm time begins at the end of the last pause. */
static void a_later_rejection_can_extend_the_pause(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_rejected(&throttle, 1010, 1000, 1000);
    throttle_note_rejected(&throttle, 1020, 1000, 60000);
    const double rate = throttle.rate;
    throttle_note_answered(&throttle, 30000);
    assert_true(throttle.rate < rate + 1);
    assert_int_equal(throttle_ready_at(&throttle), 61020);
}

/* As if they had been answered one after the other. */
static void answers_in_the_same_millisecond_do_not_raise_the_rate_more(void **state)
{
    struct throttle throttle;
    (void)state;

    begin_limited(&throttle, 1000);
    const double rate = throttle.rate;
    for (int i = 0; i < 100; i++)
        throttle_note_answered(&throttle, 2600);
    assert_true(throttle.rate < 1.01 * rate);
}

static void at_a_limited_rate_polls_are_rare(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    assert_int_equal(throttle_poll_spacing(&throttle, 64, true), 0);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle, 64, true), 600);
    throttle.rate = 1;
    assert_int_equal(throttle_poll_spacing(&throttle, 64, true), 1000);
}

/* When all open images wait for a poll, nothing can be submitted, and the rate is not used. */
static void at_a_limited_rate_polls_are_less_rare_if_few_images_are_open(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle, 1, true), 30);
    assert_int_equal(throttle_poll_spacing(&throttle, 16, true), 180);
}

static void at_a_limited_rate_polls_are_rarer_while_images_wait_for_their_submission(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle, 16, false), 340);
    assert_int_equal(throttle_poll_spacing(&throttle, 1000, false), 600);
}

/* Returns the rate after a second rejection, that many milliseconds after the end of the pause, if the service has
 * accepted 50 requests in the second before it. */
static int64_t rate_if_rejected_again(struct throttle *throttle, int64_t after_ms)
{
    const int64_t now = throttle->paused_until + after_ms;
    for (int i = 0; i < 50; i++)
        throttle_note_answered(throttle, now);
    throttle_note_rejected(throttle, now, now - 1, 1000);
    return (int64_t)throttle->rate;
}

/* In a service that counts in fixed windows, the burst before the first rejection may have used two of them. */
static void a_first_rate_that_is_rejected_in_the_next_window_was_too_high(void **state)
{
    static const struct {
        int64_t after_ms;
        int64_t rate;
    } rejections[] = {{900, 48}, {1000, 40}, {1900, 40}, {2000, 48}};
    struct throttle throttle;
    (void)state;

    for (size_t i = 0; i < COUNT(rejections); i++) {
        begin_limited(&throttle, 1000);
        assert_int_equal(rate_if_rejected_again(&throttle, rejections[i].after_ms), rejections[i].rate);
    }
}

/* The rate that follows is not that of a burst. */
static void only_a_first_rate_is_taken_for_that_of_a_burst(void **state)
{
    struct throttle throttle;
    (void)state;

    begin_limited(&throttle, 1000);
    assert_int_equal(rate_if_rejected_again(&throttle, 1500), 40);
    assert_int_equal(rate_if_rejected_again(&throttle, 1500), 48);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rejection_of_the_first_requests_says_nothing_about_the_rate),
        cmocka_unit_test(if_everything_is_rejected_one_request_is_sent_in_a_second),
        cmocka_unit_test(without_rejections_only_the_connections_limit),
        cmocka_unit_test(a_rejection_pauses_and_halves),
        cmocka_unit_test(an_endless_pause_never_ends),
        cmocka_unit_test(several_rejections_at_a_time_slow_down_once),
        cmocka_unit_test(the_limit_of_submissions_never_falls_below_one_and_grows_with_answers),
        cmocka_unit_test(what_is_accepted_during_the_pause_belongs_to_the_second_before_it),
        cmocka_unit_test(after_a_long_pause_the_rate_grows_slowly),
        cmocka_unit_test(the_rate_does_not_grow_while_it_is_not_used),
        cmocka_unit_test(a_later_rejection_can_extend_the_pause),
        cmocka_unit_test(answers_in_the_same_millisecond_do_not_raise_the_rate_more),
        cmocka_unit_test(at_a_limited_rate_polls_are_rare),
        cmocka_unit_test(at_a_limited_rate_polls_are_less_rare_if_few_images_are_open),
        cmocka_unit_test(at_a_limited_rate_polls_are_rarer_while_images_wait_for_their_submission),
        cmocka_unit_test(a_first_rate_that_is_rejected_in_the_next_window_was_too_high),
        cmocka_unit_test(only_a_first_rate_is_taken_for_that_of_a_burst),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

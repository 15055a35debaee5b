/* How a queue slows down after refusals, and speeds up again. */
#include "api/throttle.h"

#include "test.h"

#include <string.h>

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

/* The sum of such a pause and the time would overflow. */
static void a_pause_without_end_pauses_for_good(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_sent(&throttle, 1000);
    throttle_note_refused(&throttle, 1010, 1000, INT64_MAX);
    assert_int_equal(throttle_ready_at(&throttle), INT64_MAX);
    throttle_note_accepted(&throttle, 1020); /* sent before the refusal */
    assert_int_equal(throttle_ready_at(&throttle), INT64_MAX);
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

/* The answer is to a request that was sent before the refusal, so it says nothing about the rate. */
static void what_is_accepted_during_the_pause_does_not_change_the_rate(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle_note_sent(&throttle, 1000);
    throttle_note_refused(&throttle, 1010, 1000, 2000);
    const double rate = throttle.rate;
    throttle_note_accepted(&throttle, 1020);
    assert_true(throttle.rate == rate);
    assert_int_equal(throttle_ready_at(&throttle), 3010);
    throttle_note_accepted(&throttle, 3110);
    assert_true(throttle.rate > rate);
}

/* ---- A service that allows 50 requests a second ---- */

enum { PER_SECOND = 50, CONNECTIONS = 8, ROUND_TRIP_MS = 5, IMAGES = 1000 };

struct service {
    bool is_bucket; /* which holds a second's requests; otherwise each second of the clock has its own */
    double tokens;
    int64_t looked_at;
};

static bool allows(struct service *service, int64_t now)
{
    if (service->is_bucket)
        service->tokens += (double)(now - service->looked_at) * PER_SECOND / 1000;
    else if (now / 1000 != service->looked_at / 1000)
        service->tokens = PER_SECOND;
    if (service->tokens > PER_SECOND)
        service->tokens = PER_SECOND;
    service->looked_at = now;
    if (service->tokens < 1)
        return false;
    service->tokens--;
    return true;
}

/* What is on its way: when it was sent, and whether it is refused. */
struct sent {
    int64_t at;
    bool is_refused;
};

static void assert_learned(struct service *service)
{
    struct throttle throttle;
    struct sent running[CONNECTIONS];
    int count = 0;
    int accepted = 0;
    int refused = 0;
    int64_t now = 1000;

    throttle_init(&throttle, CONNECTIONS);
    for (; accepted < IMAGES; now++) {
        while (count > 0 && running[0].at + ROUND_TRIP_MS <= now) {
            const struct sent first = running[0];
            memmove(running, running + 1, (size_t)--count * sizeof running[0]);
            if (first.is_refused)
                throttle_note_refused(&throttle, now, first.at, 1000);
            else
                throttle_note_accepted(&throttle, now);
            refused += first.is_refused;
            accepted += !first.is_refused;
        }
        while (throttle_has_room(&throttle, count) && throttle_ready_at(&throttle) <= now) {
            running[count++] = (struct sent){now, !allows(service, now)};
            throttle_note_sent(&throttle, now);
        }
    }
    print_message("%.2f of the ideal time, %d of %d requests refused\n",
                  (double)(now - 1000) * PER_SECOND / 1000 / IMAGES, refused, accepted + refused);
    assert_true((double)(now - 1000) <= 1.3 * 1000 * IMAGES / PER_SECOND);
    assert_true(refused * 50 < accepted + refused);
}

static void the_rate_of_a_service_is_learned(void **state)
{
    (void)state;
    assert_learned(&(struct service){.is_bucket = true, .tokens = PER_SECOND, .looked_at = 1000});
    assert_learned(&(struct service){.is_bucket = false, .tokens = PER_SECOND, .looked_at = 1000});
}

static void at_a_limited_rate_polls_are_rare(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    assert_int_equal(throttle_poll_spacing(&throttle), 0);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle), 200);
    throttle.rate = 1;
    assert_int_equal(throttle_poll_spacing(&throttle), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_refusals_only_the_connections_limit),
        cmocka_unit_test(a_refusal_pauses_and_halves),
        cmocka_unit_test(a_pause_without_end_pauses_for_good),
        cmocka_unit_test(several_refusals_at_a_time_slow_down_once),
        cmocka_unit_test(the_window_never_falls_below_one_and_grows_with_successes),
        cmocka_unit_test(what_is_accepted_during_the_pause_does_not_change_the_rate),
        cmocka_unit_test(the_rate_of_a_service_is_learned),
        cmocka_unit_test(at_a_limited_rate_polls_are_rare),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

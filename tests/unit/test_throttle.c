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
static void an_endless_pause_never_ends(void **state)
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

/* ---- A service that limits the rate ---- */

enum { CONNECTIONS = 8, ROUND_TRIP_MS = 5, WAITING = 30, MAX_REQUESTS = 4000 };

enum limit {
    BUCKET,       /* it holds a second's requests and is refilled steadily */
    FIXED_WINDOW, /* each second of the clock has its own requests */
    SLIDING_WINDOW
};

struct service {
    enum limit limit;
    int per_second;
    int64_t phase_ms; /* where in a second it is at first */
    double left;      /* not for a sliding window */
    int64_t looked_at;
    int64_t accepted[MAX_REQUESTS]; /* when */
    size_t accepted_count;
};

static void refill(struct service *service, int64_t now)
{
    if (service->limit == BUCKET)
        service->left += (double)(now - service->looked_at) * service->per_second / 1000;
    else if ((now + service->phase_ms) / 1000 != (service->looked_at + service->phase_ms) / 1000)
        service->left = service->per_second;
    if (service->left > service->per_second)
        service->left = service->per_second;
    service->looked_at = now;
}

static bool has_left(struct service *service, int64_t now)
{
    const size_t count = service->accepted_count;
    const size_t limit = (size_t)service->per_second;
    if (service->limit == SLIDING_WINDOW)
        return count < limit || service->accepted[count - limit] <= now - 1000;
    refill(service, now);
    return service->left >= 1;
}

static bool allows(struct service *service, int64_t now)
{
    if (!has_left(service, now))
        return false;
    assert_true(service->accepted_count < MAX_REQUESTS);
    service->accepted[service->accepted_count++] = now;
    service->left--;
    return true;
}

/* A request: when it was sent, and whether it is refused. */
struct sent {
    int64_t at;
    bool is_poll;
    bool is_refused;
};

/* A queue that always has images to submit. Each poll is a request, too. */
struct simulation {
    struct throttle throttle;
    struct service *service;
    struct sent running[CONNECTIONS];
    int count;
    int64_t polled_at;
    int images; /* accepted */
    int requests;
    int refused;
};

static void take_answers(struct simulation *simulation, int64_t now)
{
    while (simulation->count > 0 && simulation->running[0].at + ROUND_TRIP_MS <= now) {
        const struct sent first = simulation->running[0];
        memmove(simulation->running, simulation->running + 1, (size_t)--simulation->count * sizeof first);
        if (first.is_refused)
            throttle_note_refused(&simulation->throttle, now, first.at, 1000);
        else
            throttle_note_accepted(&simulation->throttle, now);
        simulation->refused += first.is_refused;
        simulation->images += !first.is_refused && !first.is_poll;
    }
}

static void send_due(struct simulation *simulation, int64_t now)
{
    struct throttle *throttle = &simulation->throttle;
    while (throttle_has_room(throttle, simulation->count) && throttle_ready_at(throttle) <= now) {
        const bool is_poll = throttle_poll_spacing(throttle, WAITING) > 0 &&
                             now >= simulation->polled_at + throttle_poll_spacing(throttle, WAITING);
        simulation->running[simulation->count++] = (struct sent){now, is_poll, !allows(simulation->service, now)};
        throttle_note_sent(throttle, now);
        simulation->requests++;
        if (is_poll)
            simulation->polled_at = now;
    }
}

static void begin(struct simulation *simulation, struct service *service)
{
    *simulation = (struct simulation){.service = service};
    throttle_init(&simulation->throttle, CONNECTIONS);
    service->left = service->per_second;
    service->looked_at = 1000;
    service->accepted_count = 0;
}

static void assert_learned(struct service *service)
{
    enum { IMAGES = 1000 };
    struct simulation simulation;
    int64_t now = 1000;

    begin(&simulation, service);
    for (; simulation.images < IMAGES; now++) {
        take_answers(&simulation, now);
        send_due(&simulation, now);
    }
    const double ideal_ms = 1000.0 * IMAGES / service->per_second;
    print_message("%.2f of the ideal time, %d of %d requests refused\n", (double)(now - 1000) / ideal_ms,
                  simulation.refused, simulation.requests);
    assert_true((double)(now - 1000) <= 1.3 * ideal_ms);
    assert_true(simulation.refused * 50 < simulation.requests);
}

static void the_rate_of_a_service_is_learned(void **state)
{
    static struct service service = {.per_second = 50};
    (void)state;
    for (service.phase_ms = 0; service.phase_ms < 1000; service.phase_ms += 125)
        for (service.limit = BUCKET; service.limit <= SLIDING_WINDOW; service.limit++)
            assert_learned(&service);
}

/* It allows 20 requests a second for 20 seconds, then 300. */
static void a_service_that_allows_more_is_noticed(void **state)
{
    static struct service service = {.limit = SLIDING_WINDOW};
    struct simulation simulation;
    (void)state;

    service.per_second = 20;
    begin(&simulation, &service);
    for (int64_t now = 1000; now < 61000; now++) {
        if (now == 21000)
            service.per_second = 300;
        if (simulation.images < 3000)
            take_answers(&simulation, now);
        if (simulation.images < 3000)
            send_due(&simulation, now);
    }
    assert_int_equal(simulation.images, 3000);
}

/* The pause does not count as time without a rejection. */
static void after_a_long_pause_the_rate_grows_slowly(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, CONNECTIONS);
    for (int i = 0; i < 50; i++)
        throttle_note_accepted(&throttle, 1000);
    throttle_note_refused(&throttle, 1500, 1400, 60000);
    const double rate = throttle.rate;
    throttle_note_accepted(&throttle, 62000);
    throttle_note_accepted(&throttle, 62250);
    assert_true(throttle.rate > rate && throttle.rate < 1.01 * rate);
}

static void at_a_limited_rate_polls_are_rare(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    assert_int_equal(throttle_poll_spacing(&throttle, 64), 0);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle, 64), 600);
    throttle.rate = 1;
    assert_int_equal(throttle_poll_spacing(&throttle, 64), 1000);
}

/* If nothing waits to be sent, new images come only when results are taken. */
static void at_a_limited_rate_polls_are_less_rare_if_few_submissions_wait(void **state)
{
    struct throttle throttle;
    (void)state;

    throttle_init(&throttle, 8);
    throttle.rate = 50;
    assert_int_equal(throttle_poll_spacing(&throttle, 0), 200);
    assert_int_equal(throttle_poll_spacing(&throttle, 20), 400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_refusals_only_the_connections_limit),
        cmocka_unit_test(a_refusal_pauses_and_halves),
        cmocka_unit_test(an_endless_pause_never_ends),
        cmocka_unit_test(several_refusals_at_a_time_slow_down_once),
        cmocka_unit_test(the_window_never_falls_below_one_and_grows_with_successes),
        cmocka_unit_test(what_is_accepted_during_the_pause_does_not_change_the_rate),
        cmocka_unit_test(the_rate_of_a_service_is_learned),
        cmocka_unit_test(a_service_that_allows_more_is_noticed),
        cmocka_unit_test(after_a_long_pause_the_rate_grows_slowly),
        cmocka_unit_test(at_a_limited_rate_polls_are_rare),
        cmocka_unit_test(at_a_limited_rate_polls_are_less_rare_if_few_submissions_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Simulates whole runs of a queue with a service that limits the rate: the duration of a run, compared with the
 * ideal of one request per image at the full rate, and the number of rejected requests. */
#include "api/throttle.h"

#include "array.h"
#include "test.h"

#include <string.h>

enum {
    CONNECTIONS = 8,
    ROUND_TRIP_MS = 5,
    REPOLL_MS = 20, /* after a poll that came too early */
    MAX_OPEN = 64,
    MAX_REQUESTS = 20000,
    BEGIN_MS = 1000
};

/* ---- The service ---- */

enum limit {
    BUCKET,       /* a bucket of one second's requests, which is refilled steadily */
    FIXED_WINDOW, /* a number of requests in each second of the clock */
    SLIDING_WINDOW
};

struct service {
    enum limit limit;
    int per_second;
    int64_t phase_ms; /* the position in a second at the start */
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

/* ---- The queue ---- */

enum state { WAITING, SUBMITTED, PENDING, POLLED, DONE };

struct image {
    enum state state;
    int64_t done_at; /* when its task is done */
    int64_t due_at;  /* when the queue polls for it */
};

/* A submission or a poll. */
struct request {
    int64_t sent_at;
    struct image *submitted; /* NULL: a poll for all images in the state POLLED */
    bool is_rejected;
};

/* At most one poll runs at a time. */
struct simulation {
    struct throttle throttle;
    struct service *service;
    int64_t task_ms;
    struct image images[MAX_OPEN];
    size_t open;              /* images in flight */
    int unpushed;             /* images that are not yet in flight */
    int64_t push_interval_ms; /* the time between two images that the application has; 0: it has all of them */
    int64_t next_push_at;
    int done; /* images with a result */
    struct request running[CONNECTIONS];
    int running_count;
    int submissions; /* those that are running */
    int64_t polled_at;
    bool is_polling;
    int requests;
    int rejected;
};

static void begin(struct simulation *simulation, struct service *service, size_t jobs, int images)
{
    memset(simulation, 0, sizeof *simulation);
    simulation->service = service;
    simulation->task_ms = 100;
    simulation->open = jobs;
    simulation->unpushed = images - (int)jobs;
    throttle_init(&simulation->throttle, CONNECTIONS);
    service->left = service->per_second;
    service->looked_at = BEGIN_MS;
    service->accepted_count = 0;
}

static void take_submission(struct simulation *simulation, const struct request *request)
{
    struct image *image = request->submitted;
    simulation->submissions--;
    image->state = request->is_rejected ? WAITING : PENDING;
    image->done_at = image->due_at = request->sent_at + simulation->task_ms;
}

/* The next image takes the place of one that is done. */
static void finish(struct simulation *simulation, struct image *image)
{
    simulation->done++;
    image->state = simulation->unpushed > 0 ? WAITING : DONE;
    simulation->unpushed -= simulation->unpushed > 0;
}

static void take_poll(struct simulation *simulation, const struct request *request, int64_t now)
{
    simulation->is_polling = false;
    for (size_t i = 0; i < simulation->open; i++) {
        struct image *image = &simulation->images[i];
        if (image->state != POLLED)
            continue;
        if (!request->is_rejected && image->done_at <= request->sent_at) {
            finish(simulation, image);
        } else {
            image->state = PENDING;
            image->due_at = now + REPOLL_MS;
        }
    }
}

static void take_answer(struct simulation *simulation, const struct request *request, int64_t now)
{
    if (request->is_rejected)
        throttle_note_rejected(&simulation->throttle, now, request->sent_at, 1000);
    else
        throttle_note_answered(&simulation->throttle, now);
    simulation->rejected += request->is_rejected;
    if (request->submitted != NULL)
        take_submission(simulation, request);
    else
        take_poll(simulation, request, now);
}

static void take_answers(struct simulation *simulation, int64_t now)
{
    while (simulation->running_count > 0 && simulation->running[0].sent_at + ROUND_TRIP_MS <= now) {
        const struct request first = simulation->running[0];
        memmove(simulation->running, simulation->running + 1, (size_t)--simulation->running_count * sizeof first);
        take_answer(simulation, &first, now);
    }
}

static void send_request(struct simulation *simulation, struct image *submitted, int64_t now)
{
    const struct request request = {now, submitted, !allows(simulation->service, now)};
    simulation->running[simulation->running_count++] = request;
    simulation->requests++;
    throttle_note_sent(&simulation->throttle, now);
}

static struct image *find_waiting(struct simulation *simulation)
{
    for (size_t i = 0; i < simulation->open; i++)
        if (simulation->images[i].state == WAITING)
            return &simulation->images[i];
    return NULL;
}

static size_t count_open(const struct simulation *simulation)
{
    size_t count = 0;
    for (size_t i = 0; i < simulation->open; i++)
        count += simulation->images[i].state != DONE;
    return count;
}

/* Marks the images that are due by then, and returns their number. */
static int mark_polled(struct simulation *simulation, int64_t due_by)
{
    int count = 0;
    for (size_t i = 0; i < simulation->open; i++) {
        struct image *image = &simulation->images[i];
        if (image->state == PENDING && image->due_at <= due_by) {
            image->state = POLLED;
            count++;
        }
    }
    return count;
}

/* A poll also asks for the images that are due before the next one. */
static bool send_poll(struct simulation *simulation, int64_t now)
{
    const bool is_all_submitted = find_waiting(simulation) == NULL;
    const int64_t spacing =
        throttle_poll_spacing(&simulation->throttle, (int64_t)count_open(simulation), is_all_submitted);
    if (simulation->is_polling || now < simulation->polled_at + spacing || mark_polled(simulation, now) == 0)
        return false;
    mark_polled(simulation, now + spacing);
    simulation->is_polling = true;
    simulation->polled_at = now;
    send_request(simulation, NULL, now);
    return true;
}

static bool send_submission(struct simulation *simulation, int64_t now)
{
    struct image *image = find_waiting(simulation);
    if (image == NULL || now < simulation->next_push_at ||
        !throttle_has_room(&simulation->throttle, simulation->submissions))
        return false;
    image->state = SUBMITTED;
    simulation->next_push_at = now + simulation->push_interval_ms;
    simulation->submissions++;
    send_request(simulation, image, now);
    return true;
}

static bool may_send(const struct simulation *simulation, int64_t now)
{
    return simulation->running_count < CONNECTIONS && throttle_ready_at(&simulation->throttle) <= now;
}

static void step(struct simulation *simulation, int64_t now)
{
    take_answers(simulation, now);
    while (may_send(simulation, now) && (send_poll(simulation, now) || send_submission(simulation, now)))
        ;
}

/* ---- Tests ---- */

static void assert_quick(struct service *service, size_t jobs, int images)
{
    static struct simulation simulation;
    int64_t now = BEGIN_MS;

    begin(&simulation, service, jobs, images);
    for (; simulation.done < images; now++)
        step(&simulation, now);
    const double ideal_ms = 1000.0 * images / service->per_second;
    print_message("%.2f of the ideal time, %d of %d requests rejected\n", (double)(now - BEGIN_MS) / ideal_ms,
                  simulation.rejected, simulation.requests);
    assert_true((double)(now - BEGIN_MS) <= 1.3 * ideal_ms);
    assert_true(simulation.rejected * 50 < simulation.requests);
}

/* The duration of a run depends on when the service's second begins. */
static void assert_learned(enum limit limit)
{
    static const struct {
        size_t jobs;
        int images;
    } runs[] = {{16, 500}, {16, 1500}, {64, 1500}};
    static struct service service = {.per_second = 50};
    service.limit = limit;
    for (size_t i = 0; i < COUNT(runs); i++)
        for (service.phase_ms = 0; service.phase_ms < 1000; service.phase_ms += 50)
            assert_quick(&service, runs[i].jobs, runs[i].images);
}

static void the_rate_of_a_bucket_is_learned(void **state)
{
    (void)state;
    assert_learned(BUCKET);
}

static void the_rate_of_a_fixed_window_is_learned(void **state)
{
    (void)state;
    assert_learned(FIXED_WINDOW);
}

static void the_rate_of_a_sliding_window_is_learned(void **state)
{
    (void)state;
    assert_learned(SLIDING_WINDOW);
}

/* It allows 20 requests a second for 20 seconds, then 300. */
static void a_higher_limit_of_the_service_is_used(void **state)
{
    enum { IMAGES = 3000 };
    static struct service service = {.limit = SLIDING_WINDOW, .per_second = 20};
    static struct simulation simulation;
    (void)state;

    begin(&simulation, &service, MAX_OPEN, IMAGES);
    for (int64_t now = BEGIN_MS; now < BEGIN_MS + 60000 && simulation.done < IMAGES; now++) {
        if (now == BEGIN_MS + 20000)
            service.per_second = 300;
        step(&simulation, now);
    }
    assert_int_equal(simulation.done, IMAGES);
}

static void run_for(struct simulation *simulation, int64_t *now, int64_t milliseconds)
{
    for (const int64_t end = *now + milliseconds; *now < end; ++*now)
        step(simulation, *now);
}

/* If the application has fewer images than the service allows, nothing is learned about the service. */
static void a_quiet_time_does_not_raise_the_rate(void **state)
{
    enum { BUSY_MS = 20 * 1000, QUIET_MS = 200 * 1000 };
    static struct service service = {.limit = SLIDING_WINDOW, .per_second = 50};
    static struct simulation simulation;
    int64_t now = BEGIN_MS;
    (void)state;

    begin(&simulation, &service, MAX_OPEN, MAX_REQUESTS);
    run_for(&simulation, &now, BUSY_MS);
    simulation.push_interval_ms = 50;
    run_for(&simulation, &now, QUIET_MS);
    assert_true(simulation.throttle.rate < 2 * service.per_second);
    simulation.push_interval_ms = 0;
    simulation.requests = simulation.rejected = 0;
    run_for(&simulation, &now, BUSY_MS);
    print_message("%d of %d requests rejected\n", simulation.rejected, simulation.requests);
    assert_true(simulation.requests > 40 * BUSY_MS / 1000);
    assert_true(simulation.rejected * 50 < simulation.requests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rate_of_a_bucket_is_learned),
        cmocka_unit_test(the_rate_of_a_fixed_window_is_learned),
        cmocka_unit_test(the_rate_of_a_sliding_window_is_learned),
        cmocka_unit_test(a_higher_limit_of_the_service_is_used),
        cmocka_unit_test(a_quiet_time_does_not_raise_the_rate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

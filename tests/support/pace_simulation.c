#include "pace_simulation.h"

#include "base/pace_wait.h"
#include "base/random.h"

/* A uniform random number between these limits. */
static double between(struct simulated_client *client, double least, double most)
{
    return least + (most - least) * random_fraction(&client->random_state);
}

/* A sleep ends when a whole millisecond begins, or a little later. */
static double sleep_from(struct simulated_client *client, double now, int64_t delay_ms)
{
    return now + (double)delay_ms + between(client, 0, 0.5);
}

static double trip_ms(struct simulated_client *client, const struct simulated_service *service)
{
    return service->round_trip_ms / 2 + between(client, 0, 0.5);
}

static int64_t back_off(int polls, double fraction)
{
    int64_t bound = 50;
    if (polls == 0)
        return bound;
    for (int i = 0; i < polls && bound < 1000; i++)
        bound *= 2;
    bound = bound < 1000 ? bound : 1000;
    const int64_t half = bound / 2;
    return half + (int64_t)((double)(bound - half) * fraction);
}

static int64_t delay_of(struct simulated_client *client, const struct pace_wait *wait, double now)
{
    const double fraction = random_fraction(&client->random_state);
    if (client->backs_off)
        return back_off(wait->polls, fraction);
    return pace_wait_delay(wait, &client->pace, &client->bounds, (int64_t)now, fraction);
}

struct simulated_result simulate_task(struct simulated_client *client, const struct simulated_service *service)
{
    const double end = service->task_ms * between(client, 1 - service->scatter, 1 + service->scatter);
    double now = trip_ms(client, service);
    double arrived = -1;
    struct pace_poll poll = {.is_exact = true};
    struct pace_wait wait;

    pace_wait_begin(&wait, (int64_t)now, true);
    if (between(client, 0, 1) < client->patient_share)
        wait.grace_ms = pace_grace(&client->pace);
    while (arrived < end) {
        if (arrived >= 0)
            pace_wait_pending(&wait, &poll);
        now = sleep_from(client, now, delay_of(client, &wait, now));
        poll.sent_at = (int64_t)now;
        arrived = now + trip_ms(client, service);
        now = arrived + trip_ms(client, service);
        poll.received_at = (int64_t)now;
    }
    if (pace_wait_done(&wait, &poll))
        pace_learn(&client->pace, &wait.observation);
    return (struct simulated_result){now - end, wait.polls};
}

struct simulated_result simulate_tasks(struct simulated_client *client, const struct simulated_service *service,
                                       int teaching, int count)
{
    struct simulated_result mean = {0};
    for (int i = 0; i < teaching; i++)
        simulate_task(client, service);
    for (int i = 0; i < count; i++) {
        const struct simulated_result one = simulate_task(client, service);
        mean.added_ms += one.added_ms / count;
        mean.polls += one.polls / count;
    }
    return mean;
}

struct simulated_result simulate_first_tasks(struct simulated_client *client, const struct simulated_service *service,
                                             int count)
{
    struct simulated_result mean = {0};
    for (int i = 0; i < count; i++) {
        client->pace = (struct pace){0};
        const struct simulated_result one = simulate_task(client, service);
        mean.added_ms += one.added_ms / count;
        mean.polls += one.polls / count;
    }
    return mean;
}

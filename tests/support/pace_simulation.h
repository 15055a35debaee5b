/* Tasks that are waited for on a clock that only exists here: how late their results come, and for how many polls. */
#ifndef TESTS_PACE_SIMULATION_H
#define TESTS_PACE_SIMULATION_H

#include "base/pace.h"

#include <stdbool.h>

struct simulated_service {
    double task_ms; /* from the arrival of a submission to its result */
    double scatter; /* tasks take this share more or less, evenly spread */
    double round_trip_ms;
};

struct simulated_client {
    bool
        backs_off; /* as the library did before it learned: after 50 ms, then at doubling intervals of up to a second */
    struct pace pace;
    struct pace_bounds bounds;
    uint64_t random_state;
};

/* The same for one task, and as the mean of many. */
struct simulated_result {
    double added_ms; /* from the end of the work to the answer of the poll that finds it */
    double polls;
};

/* The client learns from each task. */
struct simulated_result simulate_task(struct simulated_client *client, const struct simulated_service *service);

/* The mean of so many tasks, after others that only teach. */
struct simulated_result simulate_tasks(struct simulated_client *client, const struct simulated_service *service,
                                       int teaching, int count);

/* The mean of so many tasks of which each is the first. */
struct simulated_result simulate_first_tasks(struct simulated_client *client, const struct simulated_service *service,
                                             int count);

#endif

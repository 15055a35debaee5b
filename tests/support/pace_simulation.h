/* Simulates waits for tasks, with a simulated clock: how late their results arrive, and how many polls they take. */
#ifndef TESTS_PACE_SIMULATION_H
#define TESTS_PACE_SIMULATION_H

#include "base/pace.h"

#include <stdbool.h>

struct simulated_service {
    double task_ms; /* from the arrival of a submission to its result */
    double scatter; /* the largest deviation from task_ms, as a share of it; evenly distributed */
    double round_trip_ms;
};

struct simulated_client {
    bool backs_off; /* like older versions of the library: after 50 ms, then at doubling intervals of up to a second */
    double patient_share; /* of the waits, as in a queue */
    struct pace pace;
    struct pace_bounds bounds;
    uint64_t random_state;
};

/* The result for one task, or the mean of many. */
struct simulated_result {
    double added_ms; /* from the end of the task to the answer of the poll that finds it */
    double polls;
};

/* Simulates one task. The client learns from it. */
struct simulated_result simulate_task(struct simulated_client *client, const struct simulated_service *service);

/* Returns the mean of `count` tasks, after `teaching` others that only teach the client. */
struct simulated_result simulate_tasks(struct simulated_client *client, const struct simulated_service *service,
                                       int teaching, int count);

/* Returns the mean of `count` tasks, each of them the first one of its client. */
struct simulated_result simulate_first_tasks(struct simulated_client *client, const struct simulated_service *service,
                                             int count);

#endif

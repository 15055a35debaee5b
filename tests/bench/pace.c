/* Like bench_latency, but simulated: the delay of results and the number of polls with the learned pace, for a client's
 * first task, and with the fixed back-off of earlier versions of the library.
 *
 *     bench_pace TASK-MS SCATTER-PERCENT ROUND-TRIP-MS
 *
 * Prints the mean delay in milliseconds and the mean number of polls, for each of the three. */
#include "pace_simulation.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNT = 5000, TEACHING = 10 };

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: bench_pace TASK-MS SCATTER-PERCENT ROUND-TRIP-MS\n");
        return 2;
    }
    const struct simulated_service service = {atof(argv[1]), atof(argv[2]) / 100, atof(argv[3])};
    struct simulated_client client = {.bounds = {2, 2000}, .random_state = 1};
    struct simulated_client former = {.backs_off = true, .random_state = 1};
    const struct simulated_result learned = simulate_tasks(&client, &service, TEACHING, COUNT);
    const struct simulated_result first = simulate_first_tasks(&client, &service, COUNT);
    const struct simulated_result before = simulate_tasks(&former, &service, 0, COUNT);
    printf("%.1f %.2f %.1f %.2f %.1f %.2f\n", learned.added_ms, learned.polls, first.added_ms, first.polls,
           before.added_ms, before.polls);
    return 0;
}

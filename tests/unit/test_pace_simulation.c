/* The delay and the number of polls that a caller sees, on a simulated clock. */
#include "base/pace.h"

#include "array.h"
#include "pace_simulation.h"
#include "test.h"

#include <math.h>
#include <stdio.h>

enum { COUNT_OF_TASKS = 3000, TEACHING = 10, MOST_POLLS = 3 }; /* 3.5 is promised, also for the mean of a few tasks */

static const double round_trips_ms[] = {0.3, 1, 20, 60};

static struct simulated_client client_new(void)
{
    return (struct simulated_client){.bounds = {2, 2000}, .random_state = 12};
}

static void check(const char *what, const struct simulated_service *service, struct simulated_result result,
                  double most_added_ms, double most_polls)
{
    if (result.added_ms <= most_added_ms && result.polls <= most_polls)
        return;
    print_error("%s: tasks of %.0f ms, +-%.0f %%, round trip %.0f ms: %.1f ms added (at most %.1f), %.2f polls "
                "(at most %.2f)\n",
                what, service->task_ms, 100 * service->scatter, service->round_trip_ms, result.added_ms, most_added_ms,
                result.polls, most_polls);
    fail();
}

static void check_tasks(const struct simulated_service *service, double most_added_ms)
{
    struct simulated_client client = client_new();
    check("learned", service, simulate_tasks(&client, service, TEACHING, COUNT_OF_TASKS), most_added_ms, MOST_POLLS);
}

static void a_steady_service_costs_at_most_a_round_trip_and_10_ms(void **state)
{
    static const double tasks_ms[] = {0, 20, 50, 100, 200, 300, 500, 1000, 1500, 2000};
    (void)state;
    for (size_t i = 0; i < COUNT(tasks_ms); i++)
        for (size_t j = 0; j < COUNT(round_trips_ms); j++)
            if (round_trips_ms[j] <= tasks_ms[i])
                check_tasks(&(struct simulated_service){tasks_ms[i], 0, round_trips_ms[j]}, round_trips_ms[j] + 10);
}

/* Most waits of a queue are patient. */
static void in_a_queue_a_steady_service_needs_hardly_more_than_one_poll(void **state)
{
    static const double tasks_ms[] = {20, 100, 300, 1000};
    (void)state;
    for (size_t i = 0; i < COUNT(tasks_ms); i++)
        for (size_t j = 0; j < COUNT(round_trips_ms) && round_trips_ms[j] < tasks_ms[i]; j++) {
            const struct simulated_service service = {tasks_ms[i], 0, round_trips_ms[j]};
            struct simulated_client client = client_new();
            client.patient_share = 0.9;
            check("in a queue", &service, simulate_tasks(&client, &service, TEACHING, COUNT_OF_TASKS),
                  round_trips_ms[j] + 10, 1.4);
        }
}

/* The way back takes half a round trip, which cannot be avoided. For short tasks, it exceeds the allowed share. */
static void a_scattered_service_costs_a_small_share_of_its_time(void **state)
{
    static const double tasks_ms[] = {100, 300, 1000, 2000};
    (void)state;
    for (size_t i = 0; i < COUNT(tasks_ms); i++)
        for (size_t j = 0; j < COUNT(round_trips_ms) && round_trips_ms[j] < 0.1 * tasks_ms[i]; j++) {
            check_tasks(&(struct simulated_service){tasks_ms[i], 0.1, round_trips_ms[j]}, 0.08 * tasks_ms[i]);
            check_tasks(&(struct simulated_service){tasks_ms[i], 0.3, round_trips_ms[j]}, 0.18 * tasks_ms[i]);
        }
}

static void a_service_that_answers_at_once_costs_its_round_trips_and_little_more(void **state)
{
    (void)state;
    for (size_t j = 0; j < COUNT(round_trips_ms); j++)
        check_tasks(&(struct simulated_service){0, 0, round_trips_ms[j]}, 1.5 * round_trips_ms[j] + 6);
}

static void without_history_at_most_a_fifth_of_the_services_time_is_added(void **state)
{
    static const double tasks_ms[] = {100, 300, 1000, 2000};
    (void)state;
    for (size_t i = 0; i < COUNT(tasks_ms); i++) {
        const struct simulated_service service = {tasks_ms[i], 0.1, 20};
        struct simulated_client client = client_new();
        check("first", &service, simulate_first_tasks(&client, &service, COUNT_OF_TASKS),
              0.2 * tasks_ms[i] + (tasks_ms[i] < 300 ? service.round_trip_ms / 2 : 0), 35);
    }
}

/* Shorter tasks are left out: for some of them, the 50 ms of the former back-off happen to fit. */
static void results_arrive_earlier_than_with_the_former_back_off(void **state)
{
    static const double tasks_ms[] = {100, 300, 1000, 2000};
    static const double scatters[] = {0, 0.1, 0.3};
    (void)state;
    for (size_t i = 0; i < COUNT(tasks_ms); i++)
        for (size_t j = 0; j < COUNT(scatters); j++) {
            const struct simulated_service service = {tasks_ms[i], scatters[j], 20};
            struct simulated_client former = {.backs_off = true, .random_state = 12};
            struct simulated_client client = client_new();
            const struct simulated_result before = simulate_tasks(&former, &service, 0, COUNT_OF_TASKS);
            check("learned", &service, simulate_tasks(&client, &service, TEACHING, COUNT_OF_TASKS),
                  0.8 * before.added_ms, before.polls);
        }
}

/* ---- Services that change ---- */

static struct simulated_result after_a_change(double before_ms, double after_ms, int teaching)
{
    const struct simulated_service before = {before_ms, 0.02, 20};
    const struct simulated_service after = {after_ms, 0.02, 20};
    struct simulated_client client = client_new();
    simulate_tasks(&client, &before, 0, 50);
    return simulate_tasks(&client, &after, teaching, 100);
}

static void a_service_that_becomes_faster_or_slower_is_caught_up_with(void **state)
{
    static const double changes[][2] = {{1000, 300}, {300, 1000}, {2000, 100}, {100, 2000}, {300, 0}, {0, 300}};
    (void)state;
    for (size_t i = 0; i < COUNT(changes); i++) {
        const struct simulated_service after = {changes[i][1], 0.02, 20};
        check("20 tasks after a change", &after, after_a_change(changes[i][0], changes[i][1], 20),
              after.round_trip_ms * 1.5 + 10 + 0.08 * after.task_ms, 4.5);
    }
}

/* Tasks of two kinds alternate. */
static void tasks_of_two_kinds_cost_no_more_than_without_history(void **state)
{
    const struct simulated_service kinds[] = {{100, 0.05, 20}, {1000, 0.05, 20}};
    struct simulated_client client = client_new();
    struct simulated_result sum[2] = {{0, 0}, {0, 0}};
    (void)state;
    for (int i = 0; i < 2 * COUNT_OF_TASKS; i++) {
        const struct simulated_result one = simulate_task(&client, &kinds[i % 2]);
        sum[i % 2].added_ms += one.added_ms / COUNT_OF_TASKS;
        sum[i % 2].polls += one.polls / COUNT_OF_TASKS;
    }
    for (int i = 0; i < 2; i++) {
        struct simulated_client first = client_new();
        const struct simulated_result blind = simulate_first_tasks(&first, &kinds[i], COUNT_OF_TASKS);
        check("of two kinds", &kinds[i], sum[i], 1.1 * blind.added_ms, 1.1 * blind.polls);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steady_service_costs_at_most_a_round_trip_and_10_ms),
        cmocka_unit_test(in_a_queue_a_steady_service_needs_hardly_more_than_one_poll),
        cmocka_unit_test(a_scattered_service_costs_a_small_share_of_its_time),
        cmocka_unit_test(a_service_that_answers_at_once_costs_its_round_trips_and_little_more),
        cmocka_unit_test(without_history_at_most_a_fifth_of_the_services_time_is_added),
        cmocka_unit_test(results_arrive_earlier_than_with_the_former_back_off),
        cmocka_unit_test(a_service_that_becomes_faster_or_slower_is_caught_up_with),
        cmocka_unit_test(tasks_of_two_kinds_cost_no_more_than_without_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

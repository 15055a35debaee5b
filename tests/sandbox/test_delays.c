/* How long tasks take: --task-delay-ms and --delay-scatter. */
#include "clock_ms.h"
#include "raw_http.h"
#include "sandbox_process.h"
#include "test.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TASKS = 60 };

/* The time in seconds of a date such as 2018-03-09T18:30:43.404610Z. */
static double seconds_of(const cJSON *date)
{
    struct tm utc = {0};
    const char *fraction = strptime(cJSON_GetStringValue(date), "%Y-%m-%dT%H:%M:%S", &utc);
    assert_non_null(fraction);
    return (double)timegm(&utc) + strtod(fraction, NULL);
}

static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static cJSON *retrieve(const struct sandbox_process *sandbox, int id)
{
    char path[64];
    snprintf(path, sizeof path, "/v0.7/tasks/%d", id);
    char *reply = raw_http(sandbox_url(sandbox), path, "sandbox", NULL, 200);
    cJSON *task = cJSON_Parse(reply);
    assert_non_null(task);
    free(reply);
    return task;
}

/* The duration in seconds, from the dates of the finished task. */
static double duration_of(const struct sandbox_process *sandbox, int id)
{
    cJSON *task = retrieve(sandbox, id);
    while (strcmp(text_of(task, "status"), "pending") == 0) {
        cJSON_Delete(task);
        sleep_ms(10);
        task = retrieve(sandbox, id);
    }
    const double duration = seconds_of(cJSON_GetObjectItemCaseSensitive(task, "date_updated")) -
                            seconds_of(cJSON_GetObjectItemCaseSensitive(task, "date_created"));
    cJSON_Delete(task);
    return duration;
}

static int submit(const struct sandbox_process *sandbox)
{
    char *reply = raw_http(sandbox_url(sandbox), "/v0.7/recognition/public/sandbox-colors/inference", "sandbox",
                           "{\"inputs\":[{\"image\":{\"source\":\"data:image/png;base64,AAAA\"}}]}", 200);
    cJSON *submission = cJSON_Parse(reply);
    const int id = atoi(text_of(submission, "task_id"));
    cJSON_Delete(submission);
    free(reply);
    return id;
}

static void durations(const char *const *arguments, double *seconds)
{
    struct sandbox_process *sandbox = sandbox_start(arguments);
    int ids[TASKS];
    assert_non_null(sandbox);
    for (int i = 0; i < TASKS; i++)
        ids[i] = submit(sandbox);
    for (int i = 0; i < TASKS; i++)
        seconds[i] = duration_of(sandbox, ids[i]);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static bool is_about(double seconds, double expected)
{
    return seconds > expected - 0.002 && seconds < expected + 0.002;
}

static void without_scatter_all_tasks_take_as_long(void **state)
{
    const char *const arguments[] = {"--task-delay-ms", "400", NULL};
    double seconds[TASKS];
    (void)state;
    durations(arguments, seconds);
    for (int i = 0; i < TASKS; i++)
        assert_true(is_about(seconds[i], 0.4));
}

static void scatter_spreads_the_durations_evenly_around_the_delay(void **state)
{
    const char *const arguments[] = {"--task-delay-ms", "400", "--delay-scatter", "50", NULL};
    double seconds[TASKS];
    int in_third[3] = {0};
    (void)state;
    durations(arguments, seconds);
    for (int i = 0; i < TASKS; i++) {
        assert_true(seconds[i] > 0.2 - 0.002 && seconds[i] < 0.6 + 0.002);
        in_third[seconds[i] < 0.33 ? 0 : seconds[i] < 0.47 ? 1 : 2]++;
    }
    for (int i = 0; i < 3; i++)
        assert_in_range(in_third[i], TASKS / 6, TASKS / 2);
}

static void the_durations_are_the_same_in_each_run(void **state)
{
    const char *const arguments[] = {"--task-delay-ms", "400", "--delay-scatter", "100", NULL};
    double first[TASKS];
    double second[TASKS];
    (void)state;
    durations(arguments, first);
    durations(arguments, second);
    for (int i = 0; i < TASKS; i++)
        assert_true(is_about(first[i], second[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_scatter_all_tasks_take_as_long),
        cmocka_unit_test(scatter_spreads_the_durations_evenly_around_the_delay),
        cmocka_unit_test(the_durations_are_the_same_in_each_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

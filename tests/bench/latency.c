/* Measures the delay of an inference's result, and its number of polls. The delay is the time from the end of the
 * service's work, which is the task's date_updated in the sandbox, to the return of dm_spec_infer.
 *
 *     bench_latency learned URL IMAGE COUNT    one client, which learns from ten inferences first
 *     bench_latency first URL IMAGE COUNT      a new client for each inference
 *
 * Prints the mean delay in milliseconds, its median, and the mean number of polls. */
#include <deepomatic.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEACHING = 10, MAX_COUNT = 10000 };

/* The task that was polled last, and how often. */
struct polls {
    dm_task_id id;
    int count;
};

struct latency {
    double added_ms;
    int polls;
};

static void check(dm_status status, const dm_error *error)
{
    if (status == DM_OK)
        return;
    fprintf(stderr, "bench_latency: %s\n", error->message);
    exit(1);
}

/* A line is "GET URL/v0.7/tasks/ID: ...". */
static void note_poll(dm_log_level level, const char *line, void *log_data)
{
    struct polls *polls = log_data;
    const char *task = strstr(line, "/tasks/");
    if (level != DM_LOG_INFO || task == NULL)
        return;
    task += strlen("/tasks/");
    snprintf(polls->id.text, sizeof polls->id.text, "%.*s", (int)strspn(task, "0123456789"), task);
    polls->count++;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double date_ms(const char *date)
{
    struct tm utc = {0};
    const char *fraction = strptime(date, "%Y-%m-%dT%H:%M:%S", &utc);
    return ((double)timegm(&utc) + strtod(fraction, NULL)) * 1e3;
}

static double end_of(dm_client *client, dm_task_id id)
{
    dm_task *task;
    dm_error error;
    check(dm_task_retrieve(client, id, NULL, &task, &error), &error);
    const double end = date_ms(task->date_updated);
    dm_task_free(task);
    return end;
}

static struct latency infer(dm_client *client, const char *image, struct polls *polls)
{
    const dm_input input = dm_image_file(image);
    dm_inference *inference;
    dm_error error;
    polls->count = 0;
    check(dm_spec_infer(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, &error), &error);
    const double returned = now_ms();
    const int count = polls->count;
    dm_inference_free(inference);
    return (struct latency){returned - end_of(client, polls->id), count};
}

static dm_client *new_client(const char *url, struct polls *polls)
{
    const dm_client_options options = {
        .api_key = "sandbox", .api_url = url, .proxy = "", .log = note_poll, .log_data = polls};
    dm_client *client;
    dm_error error;
    check(dm_client_new(&options, &client, &error), &error);
    return client;
}

static void measure_learned(const char *url, const char *image, struct latency *latencies, int count)
{
    struct polls polls;
    dm_client *client = new_client(url, &polls);
    for (int i = 0; i < TEACHING; i++)
        infer(client, image, &polls);
    for (int i = 0; i < count; i++)
        latencies[i] = infer(client, image, &polls);
    dm_client_free(client);
}

static void measure_first(const char *url, const char *image, struct latency *latencies, int count)
{
    for (int i = 0; i < count; i++) {
        struct polls polls;
        dm_client *client = new_client(url, &polls);
        latencies[i] = infer(client, image, &polls);
        dm_client_free(client);
    }
}

static int by_added_ms(const void *a, const void *b)
{
    const struct latency *first = a;
    const struct latency *second = b;
    return (first->added_ms > second->added_ms) - (first->added_ms < second->added_ms);
}

static void print(struct latency *latencies, int count)
{
    double added_ms = 0;
    double polls = 0;
    for (int i = 0; i < count; i++) {
        added_ms += latencies[i].added_ms / count;
        polls += (double)latencies[i].polls / count;
    }
    qsort(latencies, (size_t)count, sizeof *latencies, by_added_ms);
    printf("%.1f %.1f %.2f\n", added_ms, latencies[count / 2].added_ms, polls);
}

int main(int argc, char **argv)
{
    static struct latency latencies[MAX_COUNT];
    const int count = argc == 5 ? atoi(argv[4]) : 0;
    if (count < 1 || count > MAX_COUNT) {
        fprintf(stderr, "usage: bench_latency learned|first URL IMAGE COUNT\n");
        return 2;
    }
    if (strcmp(argv[1], "learned") == 0)
        measure_learned(argv[2], argv[3], latencies, count);
    else
        measure_first(argv[2], argv[3], latencies, count);
    print(latencies, count);
    return 0;
}

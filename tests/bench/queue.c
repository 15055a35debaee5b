/* Recognises the same image many times, as fast as it can:
 *
 *     bench_queue queue|raw|call ADDRESS IMAGE COUNT IN_FLIGHT SERVICE_MS
 *
 * queue: dm_queue; call: dm_spec_infer, one after the other; raw: curl_multi alone, which submits, waits exactly as
 * long as the service needs, polls each task with a request of its own, and checks nothing. Prints the wall time in
 * milliseconds, the CPU time for one image in microseconds, and the peak resident memory in kilobytes. */
#include <curl/curl.h>
#include <deepomatic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

struct job {
    const char *mode;
    const char *address;
    const char *image;
    int count;
    int in_flight;
    int service_ms;
};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "bench_queue: %s\n", what);
    exit(1);
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* ---- The library ---- */

static dm_client *open_client(const struct job *job)
{
    const dm_client_options options = {.api_key = "sandbox", .api_url = job->address, .proxy = ""};
    dm_client *client = NULL;
    dm_error error;
    if (dm_client_new(&options, &client, &error) != DM_OK)
        give_up(error.message);
    return client;
}

static void take(dm_queue *queue)
{
    dm_result *result = NULL;
    dm_error error;
    if (dm_queue_next(queue, NULL, &result, &error) != DM_OK)
        give_up(error.message);
    if (result->status != DM_OK)
        give_up(result->error.message);
    dm_result_free(result);
}

static void run_queue(const struct job *job)
{
    const dm_queue_options options = {.max_in_flight = (size_t)job->in_flight, .max_connections = job->in_flight};
    const dm_input input = dm_image_file(job->image);
    dm_client *client = open_client(job);
    dm_queue *queue = NULL;
    dm_error error;

    if (dm_queue_new(client, &options, &queue, &error) != DM_OK)
        give_up(error.message);
    for (int pushed = 0; pushed < job->count;) {
        const dm_status status =
            dm_queue_push_spec(queue, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &error);
        if (status == DM_FULL)
            take(queue);
        else if (status == DM_OK)
            pushed++;
        else
            give_up(error.message);
    }
    for (int left = job->in_flight < job->count ? job->in_flight : job->count; left > 0; left--)
        take(queue);
    dm_queue_free(queue);
    dm_client_free(client);
}

static void run_calls(const struct job *job)
{
    const dm_input input = dm_image_file(job->image);
    dm_client *client = open_client(job);
    dm_inference *inference = NULL;
    dm_error error;
    for (int i = 0; i < job->count; i++) {
        if (dm_spec_infer(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, &error) != DM_OK)
            give_up(error.message);
        dm_inference_free(inference);
    }
    dm_client_free(client);
}

/* ---- curl_multi alone ---- */

struct lane {
    CURL *easy;
    curl_mime *form;
    char reply[4096];
    size_t length;
    char task[80];
    double due_at; /* when to poll; 0: not waiting */
};

struct raw {
    const struct job *job;
    CURLM *multi;
    struct curl_slist *headers;
    struct lane *lanes;
    int started;
    int done;
};

static size_t keep(char *bytes, size_t size, size_t count, void *data)
{
    struct lane *lane = data;
    const size_t room = sizeof lane->reply - 1 - lane->length;
    const size_t kept = size * count < room ? size * count : room;
    memcpy(lane->reply + lane->length, bytes, kept);
    lane->length += kept;
    lane->reply[lane->length] = '\0';
    return size * count;
}

static void start(struct raw *raw, struct lane *lane, const char *path)
{
    char url[256];
    snprintf(url, sizeof url, "%s/v0.7%s", raw->job->address, path);
    lane->length = 0;
    curl_easy_setopt(lane->easy, CURLOPT_URL, url);
    curl_multi_add_handle(raw->multi, lane->easy);
}

static void submit(struct raw *raw, struct lane *lane)
{
    if (raw->started == raw->job->count)
        return;
    raw->started++;
    curl_easy_setopt(lane->easy, CURLOPT_MIMEPOST, lane->form);
    start(raw, lane, "/recognition/public/sandbox-colors/inference");
}

static void ask(struct raw *raw, struct lane *lane)
{
    char path[128];
    snprintf(path, sizeof path, "/tasks/%s", lane->task);
    lane->due_at = 0;
    curl_easy_setopt(lane->easy, CURLOPT_HTTPGET, 1L);
    start(raw, lane, path);
}

/* The reply to a submission is {"task_id": "..."}. Any other reply is a task, which is polled until it is done. */
static void take_reply(struct raw *raw, struct lane *lane)
{
    if (strstr(lane->reply, "\"status\"") == NULL) {
        if (sscanf(lane->reply, " { \"task_id\" : \"%79[^\"]", lane->task) != 1)
            give_up(lane->reply);
        lane->due_at = now_ms() + raw->job->service_ms;
    } else if (strstr(lane->reply, "pending") != NULL) {
        lane->due_at = now_ms() + 1;
    } else {
        raw->done++;
        submit(raw, lane);
    }
}

static void open_lane(struct raw *raw, struct lane *lane)
{
    lane->easy = curl_easy_init();
    lane->form = curl_mime_init(lane->easy);
    curl_mimepart *part = curl_mime_addpart(lane->form);
    curl_mime_name(part, "inputs[0]image.source");
    curl_mime_filedata(part, raw->job->image);
    curl_easy_setopt(lane->easy, CURLOPT_HTTPHEADER, raw->headers);
    curl_easy_setopt(lane->easy, CURLOPT_PRIVATE, lane);
    curl_easy_setopt(lane->easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(lane->easy, CURLOPT_WRITEDATA, lane);
    curl_easy_setopt(lane->easy, CURLOPT_NOSIGNAL, 1L);
    submit(raw, lane);
}

/* The time until the next poll of a task. */
static int next_ms(struct raw *raw)
{
    double next = now_ms() + 1000;
    for (int i = 0; i < raw->job->in_flight; i++)
        if (raw->lanes[i].due_at > 0 && raw->lanes[i].due_at < next)
            next = raw->lanes[i].due_at;
    const double left = next - now_ms();
    return left > 0 ? (int)left + 1 : 0;
}

static void turn(struct raw *raw)
{
    int running = 0;
    int left = 0;
    for (int i = 0; i < raw->job->in_flight; i++)
        if (raw->lanes[i].due_at > 0 && raw->lanes[i].due_at <= now_ms())
            ask(raw, &raw->lanes[i]);
    curl_multi_perform(raw->multi, &running);
    for (CURLMsg *message = curl_multi_info_read(raw->multi, &left); message != NULL;
         message = curl_multi_info_read(raw->multi, &left)) {
        struct lane *lane = NULL;
        if (message->data.result != CURLE_OK)
            give_up(curl_easy_strerror(message->data.result));
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &lane);
        curl_multi_remove_handle(raw->multi, lane->easy);
        take_reply(raw, lane);
    }
    curl_multi_perform(raw->multi, &running);
    curl_multi_poll(raw->multi, NULL, 0, next_ms(raw), NULL);
}

static void run_raw(const struct job *job)
{
    struct raw raw = {.job = job, .multi = curl_multi_init()};
    raw.headers = curl_slist_append(curl_slist_append(NULL, "X-API-KEY: sandbox"), "Expect:");
    raw.lanes = calloc((size_t)job->in_flight, sizeof *raw.lanes);
    curl_multi_setopt(raw.multi, CURLMOPT_MAXCONNECTS, (long)job->in_flight);
    for (int i = 0; i < job->in_flight; i++)
        open_lane(&raw, &raw.lanes[i]);
    while (raw.done < job->count)
        turn(&raw);
    for (int i = 0; i < job->in_flight; i++) {
        curl_easy_cleanup(raw.lanes[i].easy);
        curl_mime_free(raw.lanes[i].form);
    }
    curl_multi_cleanup(raw.multi);
    curl_slist_free_all(raw.headers);
    free(raw.lanes);
}

/* ---- Both ---- */

static double cpu_us(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static long peak_kb(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

int main(int argc, char **argv)
{
    if (argc != 7)
        give_up("queue|raw|call ADDRESS IMAGE COUNT IN_FLIGHT SERVICE_MS");
    const struct job job = {argv[1], argv[2], argv[3], atoi(argv[4]), atoi(argv[5]), atoi(argv[6])};
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const double begun_at = now_ms();
    if (strcmp(job.mode, "queue") == 0)
        run_queue(&job);
    else if (strcmp(job.mode, "raw") == 0)
        run_raw(&job);
    else
        run_calls(&job);
    const double wall_ms = now_ms() - begun_at;
    printf("%.1f %.1f %ld\n", wall_ms, cpu_us() / job.count, peak_kb());
    return 0;
}

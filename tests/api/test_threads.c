/*
 * Sixteen threads share one client and make random calls, while other threads cancel calls at random moments. Every
 * call ends with the right result, or with DM_ERR_CANCELLED if it was cancelled; and the sandbox's data agree.
 */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "base64_text.h"
#include "clock_ms.h"
#include "inference_same.h"
#include "temp_files.h"
#include "tiny_png.h"

#include "test.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WORKERS = 16,
    CANCELLERS = 2,
    IMAGES = 4,
    MAX_ROUNDS = 200,
    WAITED_FOR = 5,                    /* tasks at a time */
    LARGE_FILE_SIZE = 3 * 1024 * 1024, /* more than sockets hold, so that a cancel can come in the middle of it */
    MAX_CANCEL_PAUSE_US = 1500,
};

static const char spec_name[] = "sandbox-regions";

/* Fewer under a sanitizer or valgrind, which make each round that much slower. */
static int rounds(void)
{
    const char *tool = getenv("DEEPOMATIC_TESTS_UNDER");

    if (tool == NULL)
        return MAX_ROUNDS;
    return strcmp(tool, "valgrind") == 0 ? MAX_ROUNDS / 16 : MAX_ROUNDS / 2;
}

/* ---- What the threads share ---- */

struct image {
    unsigned char *bytes;
    size_t size;
    char *base64;
    char *path;
    char *large_path; /* the same picture with a long tail that means nothing */
    dm_inference *expected;
};

struct fixture {
    struct api_test test;
    dm_client *client;
    char *folder;
    struct image images[IMAGES];
    atomic_bool workers_done;
    atomic_size_t log_lines;
};

/* What the sandbox must hold of a specification in the end. */
enum trace { TRACE_NONE, TRACE_MAYBE, TRACE_SURE };

/* A worker publishes the cancellation token of its call here, for the cancelling threads. */
struct target {
    pthread_mutex_t mutex;
    dm_cancel *cancel; /* NULL: no call is running */
    bool fired;
};

struct worker {
    struct fixture *fixture;
    int number;
    unsigned random;
    struct target target;
    dm_spec *own; /* this worker's own specification */
    enum trace traces[MAX_ROUNDS];
    int round;
    size_t right;
    size_t cancelled;
    char complaint[1024]; /* the first failure; a thread must not assert */
};

struct canceller {
    struct worker *workers;
    unsigned random;
    size_t fired;
};

static void complain(struct worker *worker, const char *what, const char *why)
{
    if (worker->complaint[0] == '\0')
        snprintf(worker->complaint, sizeof worker->complaint, "thread %d, round %d: %s: %s", worker->number,
                 worker->round, what, why);
}

/* ---- One call and its cancel ---- */

/* Half of the calls can be cancelled. */
static dm_call_options begin_call(struct worker *worker)
{
    dm_call_options call = {0};
    dm_error error;

    if (rand_r(&worker->random) % 2 == 0)
        return call;
    if (dm_cancel_new(&call.cancel, &error) != DM_OK)
        complain(worker, "dm_cancel_new", error.message);
    pthread_mutex_lock(&worker->target.mutex);
    worker->target.cancel = call.cancel;
    worker->target.fired = false;
    pthread_mutex_unlock(&worker->target.mutex);
    return call;
}

/* Returns whether the call was cancelled. */
static bool end_call(struct worker *worker, const dm_call_options *call)
{
    pthread_mutex_lock(&worker->target.mutex);
    const bool fired = worker->target.cancel != NULL && worker->target.fired;
    worker->target.cancel = NULL;
    pthread_mutex_unlock(&worker->target.mutex);
    dm_cancel_free(call->cancel);
    return fired;
}

/* True if the call's result is to be looked at: it succeeded. `result` is what must be NULL otherwise. */
static bool succeeded(struct worker *worker, const dm_call_options *call, const char *what, const void *result,
                      const dm_error *error)
{
    const bool fired = end_call(worker, call);

    if (error->status == DM_OK)
        return true;
    if (result != NULL)
        complain(worker, what, "a failure with a result");
    if (error->status == DM_ERR_CANCELLED && fired)
        worker->cancelled++;
    else
        complain(worker, what, error->message);
    return false;
}

static void judge(struct worker *worker, const char *what, bool right)
{
    if (right)
        worker->right++;
    else
        complain(worker, what, "a wrong answer");
}

static void *cancel_at_random(void *data)
{
    struct canceller *canceller = data;

    while (!atomic_load(&canceller->workers[0].fixture->workers_done)) {
        struct target *target = &canceller->workers[rand_r(&canceller->random) % WORKERS].target;
        const struct timespec pause = {.tv_nsec = rand_r(&canceller->random) % MAX_CANCEL_PAUSE_US * 1000L};

        nanosleep(&pause, NULL);
        pthread_mutex_lock(&target->mutex);
        if (target->cancel != NULL && !target->fired) {
            dm_cancel_fire(target->cancel);
            target->fired = true;
            canceller->fired++;
        }
        pthread_mutex_unlock(&target->mutex);
    }
    return NULL;
}

/* ---- What a worker does ---- */

static const struct image *choose_image(struct worker *worker)
{
    return &worker->fixture->images[rand_r(&worker->random) % IMAGES];
}

static void infer(struct worker *worker, const char *what, const struct image *image, dm_input input)
{
    const dm_call_options call = begin_call(worker);
    dm_inference *inference = NULL;
    dm_error error;

    (void)!dm_spec_infer(worker->fixture->client, dm_public_spec(spec_name), &input, 1, NULL, &call, &inference,
                         &error);
    if (succeeded(worker, &call, what, inference, &error))
        judge(worker, what, inference_same(inference, image->expected));
    dm_inference_free(inference);
}

static void infer_bytes(struct worker *worker)
{
    const struct image *image = choose_image(worker);

    infer(worker, "bytes", image, dm_image_bytes(image->bytes, image->size));
}

static void infer_base64(struct worker *worker)
{
    const struct image *image = choose_image(worker);

    infer(worker, "base64", image, dm_image_base64(image->base64, strlen(image->base64)));
}

static void infer_file(struct worker *worker)
{
    const struct image *image = choose_image(worker);

    infer(worker, "file", image, dm_image_file(image->path));
}

static void infer_large_file(struct worker *worker)
{
    const struct image *image = choose_image(worker);

    infer(worker, "large file", image, dm_image_file(image->large_path));
}

/* A failure is reported to the thread whose call failed, and to no other. */
static void infer_rubbish(struct worker *worker)
{
    const dm_input input = dm_image_bytes("no image", 8);
    const dm_call_options call = begin_call(worker);
    dm_inference *inference = NULL;
    dm_error error;

    const dm_status status =
        dm_spec_infer(worker->fixture->client, dm_public_spec(spec_name), &input, 1, NULL, &call, &inference, &error);
    if (status == DM_ERR_TASK_FAILED) {
        end_call(worker, &call);
        judge(worker, "rubbish", inference == NULL && error.task_id.text[0] != '\0');
    } else if (succeeded(worker, &call, "rubbish", inference, &error)) {
        complain(worker, "rubbish", "recognised");
    }
    dm_inference_free(inference);
}

static void retrieve_own(struct worker *worker)
{
    const dm_call_options call = begin_call(worker);
    dm_spec *spec = NULL;
    dm_error error;

    (void)!dm_spec_retrieve(worker->fixture->client, worker->own->id, &call, &spec, &error);
    if (succeeded(worker, &call, "retrieve", spec, &error))
        judge(worker, "retrieve", strcmp(spec->name, worker->own->name) == 0 && spec->output_count == 1);
    dm_spec_free(spec);
}

static void retrieve_nothing(struct worker *worker)
{
    const dm_call_options call = begin_call(worker);
    dm_spec *spec = NULL;
    dm_error error;

    if (dm_spec_retrieve(worker->fixture->client, dm_private_spec(INT32_MAX), &call, &spec, &error) ==
        DM_ERR_NOT_FOUND) {
        end_call(worker, &call);
        judge(worker, "not found", spec == NULL && error.http_status == 404);
    } else if (succeeded(worker, &call, "not found", spec, &error)) {
        complain(worker, "not found", "found");
    }
    dm_spec_free(spec);
}

static dm_status create(dm_client *client, const char *name, const dm_call_options *call, dm_spec **spec,
                        dm_error *error)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};

    return dm_spec_create(client, name, &output, 1, NULL, call, spec, error);
}

enum { NAME_SIZE = 32 };

static void write_name(char name[NAME_SIZE], int worker, int round)
{
    snprintf(name, NAME_SIZE, "thread %d round %d", worker, round);
}

/* What a failed call leaves on the sandbox if it was carried out, and if it was not. */
static enum trace trace_of(const dm_error *error, enum trace not_carried_out)
{
    return error->outcome_unknown ? TRACE_MAYBE : not_carried_out;
}

static void delete_again(struct worker *worker, dm_spec_id id)
{
    const dm_call_options call = begin_call(worker);
    dm_error error;

    (void)!dm_spec_delete(worker->fixture->client, id, &call, &error);
    if (succeeded(worker, &call, "delete", NULL, &error))
        judge(worker, "delete", true);
    else
        worker->traces[worker->round] = trace_of(&error, TRACE_SURE);
}

static void create_and_delete(struct worker *worker)
{
    const dm_call_options call = begin_call(worker);
    char name[NAME_SIZE];
    dm_spec *spec = NULL;
    dm_error error;

    write_name(name, worker->number, worker->round);
    (void)!create(worker->fixture->client, name, &call, &spec, &error);
    if (succeeded(worker, &call, "create", spec, &error)) {
        judge(worker, "create", strcmp(spec->name, name) == 0);
        delete_again(worker, spec->id);
    } else {
        worker->traces[worker->round] = trace_of(&error, TRACE_NONE);
    }
    dm_spec_free(spec);
}

/* False if the submission was cancelled, or went wrong. */
static bool submit(struct worker *worker, const struct image *image, dm_task_id *id)
{
    const dm_input input = dm_image_bytes(image->bytes, image->size);
    const dm_call_options call = begin_call(worker);
    dm_error error;

    (void)!dm_spec_submit(worker->fixture->client, dm_public_spec(spec_name), &input, 1, NULL, &call, id, &error);
    if (!succeeded(worker, &call, "submit", NULL, &error)) {
        judge(worker, "submit's id on failure", id->text[0] == '\0');
        return false;
    }
    judge(worker, "submit", id->text[0] != '\0');
    return true;
}

static void submit_and_wait(struct worker *worker)
{
    const struct image *image = choose_image(worker);
    dm_task_id id;
    dm_task *task = NULL;
    dm_error error;

    if (!submit(worker, image, &id))
        return;
    const dm_call_options call = begin_call(worker);
    (void)!dm_task_wait(worker->fixture->client, id, &call, &task, &error);
    if (succeeded(worker, &call, "wait", task, &error))
        judge(worker, "wait",
              task->status == DM_TASK_SUCCESS && strcmp(task->id.text, id.text) == 0 &&
                  inference_same(task->inference, image->expected));
    else
        judge(worker, "wait's id on failure", strcmp(error.task_id.text, id.text) == 0);
    dm_task_free(task);
}

static bool all_recognised(const dm_tasks *tasks, const struct image *const *images, size_t count)
{
    if (tasks->task_count != count || tasks->pending_count != 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (tasks->tasks[i].inference == NULL || !inference_same(tasks->tasks[i].inference, images[i]->expected))
            return false;
    }
    return true;
}

static void submit_and_wait_for_all(struct worker *worker)
{
    const struct image *images[WAITED_FOR];
    dm_task_id ids[WAITED_FOR];
    dm_tasks *tasks = NULL;
    dm_error error;
    size_t count = 0;

    for (size_t i = 0; i < WAITED_FOR; i++) {
        images[count] = choose_image(worker);
        count += submit(worker, images[count], &ids[count]);
    }
    const dm_call_options call = begin_call(worker);
    (void)!dm_task_wait_all(worker->fixture->client, ids, count, &call, &tasks, &error);
    if (succeeded(worker, &call, "wait for all", tasks, &error))
        judge(worker, "wait for all", all_recognised(tasks, images, count));
    dm_tasks_free(tasks);
}

static void *work(void *data)
{
    static void (*const actions[])(struct worker *) = {
        infer_bytes,  infer_base64,     infer_file,        infer_large_file, infer_rubbish,
        retrieve_own, retrieve_nothing, create_and_delete, submit_and_wait,  submit_and_wait_for_all,
    };
    const size_t action_count = COUNT(actions);
    struct worker *worker = data;

    for (worker->round = 0; worker->round < rounds(); worker->round++)
        actions[(size_t)rand_r(&worker->random) % action_count](worker);
    return NULL;
}

/* ---- The setup ---- */

static void count_line(dm_log_level level, const char *line, void *data)
{
    struct fixture *fixture = data;

    if (level == DM_LOG_INFO && strstr(line, "attempt") != NULL)
        atomic_fetch_add(&fixture->log_lines, 1);
}

static void make_files(struct image *image, const char *folder, int number)
{
    char name[NAME_SIZE];

    snprintf(name, sizeof name, "%d.png", number);
    image->path = temp_path(folder, name);
    snprintf(name, sizeof name, "%d-large.png", number);
    image->large_path = temp_path(folder, name);
    assert_true(write_file(image->path, image->bytes, image->size));
    assert_true(write_file_of_size(image->large_path, LARGE_FILE_SIZE, image->bytes, image->size));
}

static void make_image(struct fixture *fixture, int number)
{
    static const char *const pictures[IMAGES][5] = {
        {"rrrr", "rrrr", "wwww", "wwww", NULL},
        {"gggg", "gggg", "gggg", "gggg", NULL},
        {"bbww", "bbww", "bbww", "bbww", NULL},
        {"wwww", "wwrr", "wwrr", "wwww", NULL},
    };
    struct image *image = &fixture->images[number];
    dm_error error;

    image->bytes = tiny_png(pictures[number], &image->size);
    image->base64 = base64_text(image->bytes, image->size, BASE64_WRAPPED);
    make_files(image, fixture->folder, number);
    const dm_input input = dm_image_bytes(image->bytes, image->size);
    assert_status(
        dm_spec_infer(fixture->test.client, dm_public_spec(spec_name), &input, 1, NULL, NULL, &image->expected, &error),
        DM_OK, &error);
    /* Otherwise the result of one thread could be taken for another's. */
    assert_false(number > 0 && inference_same(image->expected, fixture->images[number - 1].expected));
}

static void start_fixture(struct fixture *fixture, const char *task_delay_ms)
{
    const char *const arguments[] = {"--task-delay-ms", task_delay_ms, NULL};
    dm_error error;

    *fixture = (struct fixture){0};
    api_test_start(&fixture->test, arguments);
    const dm_client_options options = {
        .api_url = sandbox_url(fixture->test.sandbox),
        .api_key = SANDBOX_KEY,
        .timeout_ms = 120000,
        .poll_delay_ms = 1,
        .max_poll_delay_ms = 5,
        .log = count_line,
        .log_data = fixture,
    };
    assert_status(dm_client_new(&options, &fixture->client, &error), DM_OK, &error);
}

static void make_images(struct fixture *fixture)
{
    fixture->folder = temp_folder_new();
    assert_non_null(fixture->folder);
    for (int i = 0; i < IMAGES; i++)
        make_image(fixture, i);
}

static void end_fixture(struct fixture *fixture)
{
    for (size_t i = 0; i < IMAGES; i++) {
        free(fixture->images[i].bytes);
        free(fixture->images[i].base64);
        free(fixture->images[i].path);
        free(fixture->images[i].large_path);
        dm_inference_free(fixture->images[i].expected);
    }
    temp_folder_remove(fixture->folder);
    dm_client_free(fixture->client);
    api_test_stop(&fixture->test);
}

static void make_worker(struct worker *worker, struct fixture *fixture, int number)
{
    char name[NAME_SIZE];
    dm_error error;

    *worker = (struct worker){.fixture = fixture, .number = number, .random = (unsigned)number + 1};
    pthread_mutex_init(&worker->target.mutex, NULL);
    snprintf(name, sizeof name, "of thread %d", number);
    assert_status(create(fixture->test.client, name, NULL, &worker->own, &error), DM_OK, &error);
}

static void free_worker(struct worker *worker)
{
    dm_error error;

    assert_status(dm_spec_delete(worker->fixture->test.client, worker->own->id, NULL, &error), DM_OK, &error);
    dm_spec_free(worker->own);
    pthread_mutex_destroy(&worker->target.mutex);
}

/* ---- What the sandbox contains at the end ---- */

static size_t count_named(struct fixture *fixture, const char *name)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    dm_error error;
    size_t count = 0;
    dm_status status = dm_spec_iter_new(fixture->test.client, DM_VISIBILITY_PRIVATE, NULL, &iter, &error);

    assert_status(status, DM_OK, &error);
    while ((status = dm_spec_iter_next(iter, NULL, &spec, &error)) == DM_OK)
        count += strcmp(spec->name, name) == 0;
    assert_status(status, DM_DONE, &error);
    dm_spec_iter_free(iter);
    return count;
}

static size_t count_private_specs(struct fixture *fixture)
{
    dm_spec_page *page = NULL;
    dm_error error;

    assert_status(dm_spec_list(fixture->test.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &error), DM_OK, &error);
    const size_t count = (size_t)page->count;
    dm_spec_page_free(page);
    return count;
}

/* How many of a worker's specifications are there still; each of them may be. */
static size_t check_traces(const struct worker *worker)
{
    char name[NAME_SIZE];
    size_t left = 0;

    for (int round = 0; round < rounds(); round++) {
        if (worker->traces[round] == TRACE_NONE)
            continue;
        write_name(name, worker->number, round);
        const size_t count = count_named(worker->fixture, name);
        if (count > 1 || (count == 0 && worker->traces[round] == TRACE_SURE))
            fail_msg("\"%s\" is on the sandbox %zu times", name, count);
        left += count;
    }
    return left;
}

/* ---- Tests ---- */

static void run_workers(struct fixture *fixture, struct worker *workers, struct canceller *cancellers)
{
    pthread_t working[WORKERS];
    pthread_t cancelling[CANCELLERS];

    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&working[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < CANCELLERS; i++) {
        cancellers[i] = (struct canceller){.workers = workers, .random = 1000 + (unsigned)i};
        assert_int_equal(pthread_create(&cancelling[i], NULL, cancel_at_random, &cancellers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(working[i], NULL);
    atomic_store(&fixture->workers_done, true);
    for (int i = 0; i < CANCELLERS; i++)
        pthread_join(cancelling[i], NULL);
}

static void every_result_is_accounted_for(void **state)
{
    static struct fixture fixture;
    static struct worker workers[WORKERS];
    struct canceller cancellers[CANCELLERS];
    size_t right = 0;
    size_t cancelled = 0;
    size_t left = 0;

    (void)state;
    start_fixture(&fixture, "5");
    make_images(&fixture);
    for (int i = 0; i < WORKERS; i++)
        make_worker(&workers[i], &fixture, i);
    run_workers(&fixture, workers, cancellers);
    for (int i = 0; i < WORKERS; i++) {
        if (workers[i].complaint[0] != '\0')
            fail_msg("%s", workers[i].complaint);
        right += workers[i].right;
        cancelled += workers[i].cancelled;
        left += check_traces(&workers[i]);
    }
    print_message("%zu right, %zu cancelled, %zu left behind by a cancelled create or delete, %zu lines of log\n",
                  right, cancelled, left, atomic_load(&fixture.log_lines));
    assert_true(right > 0 && cancelled > 0);
    assert_true(cancelled <= cancellers[0].fired + cancellers[1].fired);
    assert_true(atomic_load(&fixture.log_lines) > right / 2); /* most of the calls send one request at least */
    assert_int_equal(count_private_specs(&fixture), left + WORKERS);
    for (int i = 0; i < WORKERS; i++)
        free_worker(&workers[i]);
    end_fixture(&fixture);
}

struct waiter {
    struct fixture *fixture;
    dm_cancel *cancel;
    dm_task_id id;
    dm_error error;
};

static void *wait_for_long(void *data)
{
    struct waiter *waiter = data;
    const dm_call_options call = {.cancel = waiter->cancel};
    dm_task *task = NULL;

    (void)!dm_task_wait(waiter->fixture->client, waiter->id, &call, &task, &waiter->error);
    dm_task_free(task);
    return NULL;
}

static dm_task_id submit_rubbish(struct fixture *fixture)
{
    const dm_input input = dm_image_bytes("no image", 8);
    dm_task_id id;
    dm_error error;

    assert_status(dm_spec_submit(fixture->client, dm_public_spec(spec_name), &input, 1, NULL, NULL, &id, &error), DM_OK,
                  &error);
    return id;
}

static void one_switch_ends_the_calls_of_all_threads(void **state)
{
    enum { SOON_MS = 10000 }; /* where the call's time is 120 s */
    static struct fixture fixture;
    struct waiter waiters[WORKERS];
    pthread_t threads[WORKERS];
    dm_cancel *cancel = NULL;
    dm_error error;

    (void)state;
    start_fixture(&fixture, "600000");
    assert_status(dm_cancel_new(&cancel, &error), DM_OK, &error);
    for (int i = 0; i < WORKERS; i++) {
        waiters[i] = (struct waiter){.fixture = &fixture, .cancel = cancel, .id = submit_rubbish(&fixture)};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_long, &waiters[i]), 0);
    }
    while (atomic_load(&fixture.log_lines) < 4 * (size_t)WORKERS) /* until they are running */
        sleep_ms(1);
    const long long start = now_ms();
    dm_cancel_fire(cancel);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        assert_status(waiters[i].error.status, DM_ERR_CANCELLED, &waiters[i].error);
        assert_string_equal(waiters[i].error.task_id.text, waiters[i].id.text);
    }
    assert_true(now_ms() - start < SOON_MS);
    dm_cancel_free(cancel);
    end_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_is_accounted_for),
        cmocka_unit_test(one_switch_ends_the_calls_of_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "random_calls.h"

#include "array.h"
#include "inference_same.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    WAITED_FOR = 5, /* tasks at a time */
    MAX_CANCEL_PAUSE_US = 1500,
};

/* Fewer under a sanitizer or valgrind, which make each round that much slower. */
int rounds(void)
{
    const char *tool = getenv("DEEPOMATIC_TESTS_UNDER");

    if (tool == NULL)
        return MAX_ROUNDS;
    return strcmp(tool, "valgrind") == 0 ? MAX_ROUNDS / 16 : MAX_ROUNDS / 2;
}

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

/* True if the call succeeded, so that its result can be checked. Otherwise `result` must be NULL. */
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

void *cancel_at_random(void *data)
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

    (void)!dm_spec_infer(worker->fixture->logged.client, dm_public_spec(spec_name), &input, 1, NULL, &call, &inference,
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

/* A failure is reported only to the thread whose call failed. */
static void infer_rubbish(struct worker *worker)
{
    const dm_input input = dm_image_bytes("no image", 8);
    const dm_call_options call = begin_call(worker);
    dm_inference *inference = NULL;
    dm_error error;

    const dm_status status = dm_spec_infer(worker->fixture->logged.client, dm_public_spec(spec_name), &input, 1, NULL,
                                           &call, &inference, &error);
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

    (void)!dm_spec_retrieve(worker->fixture->logged.client, worker->own->id, &call, &spec, &error);
    if (succeeded(worker, &call, "retrieve", spec, &error))
        judge(worker, "retrieve", strcmp(spec->name, worker->own->name) == 0 && spec->output_count == 1);
    dm_spec_free(spec);
}

static void retrieve_nothing(struct worker *worker)
{
    const dm_call_options call = begin_call(worker);
    dm_spec *spec = NULL;
    dm_error error;

    if (dm_spec_retrieve(worker->fixture->logged.client, dm_private_spec(INT32_MAX), &call, &spec, &error) ==
        DM_ERR_NOT_FOUND) {
        end_call(worker, &call);
        judge(worker, "not found", spec == NULL && error.http_status == 404);
    } else if (succeeded(worker, &call, "not found", spec, &error)) {
        complain(worker, "not found", "found");
    }
    dm_spec_free(spec);
}

dm_status create(dm_client *client, const char *name, const dm_call_options *call, dm_spec **spec, dm_error *error)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};

    return dm_spec_create(client, name, &output, 1, NULL, call, spec, error);
}

void write_name(char name[NAME_SIZE], int worker, int round)
{
    snprintf(name, NAME_SIZE, "thread %d round %d", worker, round);
}

/* What a failed call may have left on the sandbox. `not_carried_out`: what exists if the call had no effect. */
static enum trace trace_of(const dm_error *error, enum trace not_carried_out)
{
    return error->outcome_unknown ? TRACE_MAYBE : not_carried_out;
}

static void delete_again(struct worker *worker, dm_spec_id id)
{
    const dm_call_options call = begin_call(worker);
    dm_error error;

    (void)!dm_spec_delete(worker->fixture->logged.client, id, &call, &error);
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
    (void)!create(worker->fixture->logged.client, name, &call, &spec, &error);
    if (succeeded(worker, &call, "create", spec, &error)) {
        judge(worker, "create", strcmp(spec->name, name) == 0);
        delete_again(worker, spec->id);
    } else {
        worker->traces[worker->round] = trace_of(&error, TRACE_NONE);
    }
    dm_spec_free(spec);
}

/* False if the submission failed or was cancelled. */
static bool submit(struct worker *worker, const struct image *image, dm_task_id *id)
{
    const dm_input input = dm_image_bytes(image->bytes, image->size);
    const dm_call_options call = begin_call(worker);
    dm_error error;

    (void)!dm_spec_submit(worker->fixture->logged.client, dm_public_spec(spec_name), &input, 1, NULL, &call, id,
                          &error);
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
    (void)!dm_task_wait(worker->fixture->logged.client, id, &call, &task, &error);
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
    (void)!dm_task_wait_all(worker->fixture->logged.client, ids, count, &call, &tasks, &error);
    if (succeeded(worker, &call, "wait for all", tasks, &error))
        judge(worker, "wait for all", all_recognised(tasks, images, count));
    dm_tasks_free(tasks);
}

void *work(void *data)
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

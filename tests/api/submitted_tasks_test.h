/* Shared by the tests of many tasks: submissions, and the requests for their tasks. */
#ifndef API_SUBMITTED_TASKS_TEST_H
#define API_SUBMITTED_TASKS_TEST_H

#include "assert_status.h"
#include "clock_ms.h"
#include "sent_requests.h"
#include "tiny_png.h"

#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_IDS = 100, SUBMITTERS = 4 };

/* The picture of the i-th submission: a red one or a blue one, in no simple order. */
static inline bool is_red(size_t i)
{
    return i * 7 % 3 == 0;
}

struct pictures {
    unsigned char *bytes[2]; /* blue, red */
    size_t sizes[2];
};

static inline struct pictures pictures_new(void)
{
    static const char *const blue[] = {"bb", NULL};
    static const char *const red[] = {"rr", NULL};
    struct pictures pictures;

    pictures.bytes[0] = tiny_png(blue, &pictures.sizes[0]);
    pictures.bytes[1] = tiny_png(red, &pictures.sizes[1]);
    assert_non_null(pictures.bytes[0]);
    assert_non_null(pictures.bytes[1]);
    return pictures;
}

static inline void pictures_free(struct pictures *pictures)
{
    free(pictures->bytes[0]);
    free(pictures->bytes[1]);
}

/* One thread's share of the submissions: every SUBMITTERS-th one, starting at `first`. */
struct share {
    dm_client *client;
    const struct pictures *pictures;
    dm_task_id *ids;
    size_t first;
    size_t count; /* of all submissions */
    dm_error error;
};

static inline void *submit_share(void *argument)
{
    struct share *share = argument;
    dm_status status = DM_OK;

    for (size_t i = share->first; i < share->count && status == DM_OK; i += SUBMITTERS) {
        const size_t picture = is_red(i) ? 1 : 0;
        const dm_input input = dm_image_bytes(share->pictures->bytes[picture], share->pictures->sizes[picture]);
        status = dm_spec_submit(share->client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &share->ids[i],
                                &share->error);
    }
    return NULL;
}

static inline dm_task_id *new_ids(size_t count)
{
    dm_task_id *ids = calloc(count, sizeof *ids);

    assert_non_null(ids);
    return ids;
}

/* Submits this number of pictures, from several threads to be quick. The caller frees the ids. */
static inline dm_task_id *submit(struct api_test *test, size_t count)
{
    struct pictures pictures = pictures_new();
    struct share shares[SUBMITTERS];
    pthread_t threads[SUBMITTERS];
    dm_task_id *ids = new_ids(count);

    for (size_t i = 0; i < SUBMITTERS; i++) {
        shares[i] =
            (struct share){.client = test->client, .pictures = &pictures, .ids = ids, .first = i, .count = count};
        assert_int_equal(pthread_create(&threads[i], NULL, submit_share, &shares[i]), 0);
    }
    for (size_t i = 0; i < SUBMITTERS; i++) {
        pthread_join(threads[i], NULL);
        assert_status(shares[i].error.status, DM_OK, &shares[i].error);
    }
    pictures_free(&pictures);
    return ids;
}

/* A task that is done and has no data, because it created a specification. */
static inline dm_task_id done_task(struct api_test *test)
{
    static const dm_label label = {1, "red"};
    static const dm_output output = {{.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, "quick", &output, 1, NULL, NULL, &spec, &test->error));
    assert_non_null(spec->task_id);
    const dm_task_id id = *spec->task_id;
    dm_spec_free(spec);
    return id;
}

static inline dm_task_id submit_bytes(struct api_test *test, const char *bytes)
{
    const dm_input input = dm_image_bytes(bytes, strlen(bytes));
    dm_task_id id;

    assert_ok(test,
              dm_spec_submit(test->client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &id, &test->error));
    return id;
}

static inline dm_task_id numbered(size_t number)
{
    dm_task_id id;

    snprintf(id.text, sizeof id.text, "%zu", number);
    return id;
}

static inline dm_tasks *list(struct api_test *test, const dm_task_id *ids, size_t count)
{
    dm_tasks *tasks = NULL;

    assert_ok(test, dm_task_list(test->client, ids, count, NULL, &tasks, &test->error));
    assert_int_equal(tasks->task_count, count);
    return tasks;
}

/* Waits for all of them, which must not time out. */
static inline dm_tasks *wait_all(struct api_test *test, const dm_task_id *ids, size_t count)
{
    static const dm_call_options call = {.timeout_ms = 20000};
    const long long began = now_ms();
    dm_tasks *tasks = NULL;

    assert_ok(test, dm_task_wait_all(test->client, ids, count, &call, &tasks, &test->error));
    assert_true(now_ms() - began < 19000);
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    return tasks;
}

static inline void assert_picture(const dm_task *task, const dm_task_id *id, const char *colour)
{
    assert_string_equal(task->id.text, id->text);
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_null(task->error);
    assert_non_null(task->date_created);
    assert_non_null(task->date_updated);
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 1);
    assert_int_equal(task->inference->outputs[0].labels.predicted_count, 1);
    assert_string_equal(task->inference->outputs[0].labels.predicted[0].label_name, colour);
    assert_non_null(strstr(task->data, colour));
}

static inline void assert_without_data(const dm_task *task, const dm_task_id *id, dm_task_status status)
{
    assert_string_equal(task->id.text, id->text);
    assert_int_equal(task->status, status);
    assert_null(task->inference);
    assert_null(task->data);
}

/* The requests for tasks since the mark. None of them may have too many ids. */
static inline size_t count_questions(const struct api_test *test, size_t mark)
{
    struct request_log *log = sent_since(test, mark);
    size_t count = 0;

    for (size_t i = 0; i < log->count; i++) {
        assert_string_equal(log_text(log->items[i], "path"), "/v0.7/tasks");
        assert_in_range(log_count_arguments(log->items[i], "task_ids"), 1, MAX_IDS);
        count++;
    }
    request_log_free(log);
    return count;
}

static inline void assert_ids_in_question(const struct api_test *test, size_t mark, size_t index, size_t count)
{
    struct request_log *log = sent_since(test, mark);

    assert_true(index < log->count);
    assert_int_equal(log_count_arguments(log->items[index], "task_ids"), count);
    assert_int_equal(log_count_arguments(log->items[index], "limit"), 1);
    request_log_free(log);
}

#endif

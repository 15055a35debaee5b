#include "codec/decode.h"

#include "codec/decode_task.h"
#include "codec/results.h"

#include <string.h>

/* The fields that are read before the rest of the task. */
struct task_head {
    dm_task_id id;
    dm_task_status status;
};

static void read_any_status(struct reader *reader, const struct field *field, void *item)
{
    struct task_head *head = item;
    (void)field;
    head->status = value_task_status(reader);
}

static const struct field head_fields[] = {
    REQUIRED_TASK_ID(struct task_head, id),
    REQUIRED_BY(status, read_any_status),
};

static const struct shape head_shape = {SHAPE(struct task_head, head_fields)};

/* ---- A task that cannot be read ---- */

static void read_any_text(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    (void)field;
    task->data = reader_copy(reader, json_skip(&reader->json));
}

static const struct field data_fields[] = {OPTIONAL_BY(data, read_any_text)};
static const struct shape data_shape = {SHAPE(dm_task, data_fields)};

static void read_unreadable(struct reader *reader, const struct task_head *head, const char *why, dm_task *task)
{
    *task = (dm_task){.id = head->id, .status = DM_TASK_UNREADABLE};
    task->error = reader_copy(reader, (struct json_slice){why, strlen(why)});
    read_object(reader, &data_shape, task);
}

/* ---- Tasks ---- */

/* Reads the task with a separate failure: an invalid task only gets an error of its own, unless memory runs out. */
static bool read_whole(struct reader *reader, const struct shape *shape, struct failure *failure, dm_task *task)
{
    struct failure *page_failure = reader->failure;
    const char *page_subject = reader->subject;
    reader->failure = failure;
    reader->subject = NULL;
    read_object(reader, shape, task);
    reader->failure = page_failure;
    reader->subject = page_subject;
    return failure->status == DM_OK;
}

static void read_task(struct reader *reader, const struct task_head *head, const struct shape *shape, dm_task *slot)
{
    const struct json start = reader->json;
    dm_error error;
    struct failure failure;
    dm_task task = {.status = DM_TASK_PENDING};

    failure_init(&failure, &error);
    failure.secret = reader->failure->secret;
    if (!read_whole(reader, shape, &failure, &task)) {
        reader->json = start;
        if (failure.status == DM_ERR_NO_MEMORY)
            reader_fail_memory(reader);
        else
            read_unreadable(reader, head, error.message, &task);
    }
    if (reader->failure->status == DM_OK)
        *slot = task;
}

/* Reads a task's head first, and the rest only if the task is awaited. */
static void sink_task(struct reader *reader, const struct task_sink *sink)
{
    struct task_head head = {.status = DM_TASK_UNREADABLE};
    const struct json start = reader->json;
    read_object(reader, &head_shape, &head);
    reader->arena = sink->arena;
    dm_task *task =
        reader->failure->status == DM_OK ? sink->slot(sink->context, &head.id, head.status, &reader->arena) : NULL;
    if (task == NULL)
        return;
    reader->json = start;
    read_task(reader, &head, sink->shape, task);
}

static void write_next(struct reader *reader, const char *link, struct text *next)
{
    text_clear(next);
    text_append_string(next, link != NULL ? link : "");
    if (next->status != DM_OK)
        reader_fail_memory(reader);
}

void decode_task_page(const struct reply *reply, const struct task_sink *sink, struct text *next,
                      struct failure *failure)
{
    struct reader reader;
    reader_begin(&reader, reply, sink->arena, failure);
    const char *link = results_begin(&reader);
    while (results_next(&reader))
        sink_task(&reader, sink);
    if (failure->status == DM_OK)
        write_next(&reader, link, next);
    reader_free(&reader);
}

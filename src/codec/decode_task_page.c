#include "codec/decode.h"

#include "codec/results.h"
#include "codec/value.h"

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
    {REQUIRED_TASK_ID(struct task_head, id)},
    {REQUIRED_BY(status, read_any_status)},
};

static const struct shape head_shape = {SHAPE(struct task_head, head_fields)};

/* ---- A task that cannot be read ---- */

static void read_any_text(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    (void)field;
    task->data = reader_copy(reader, json_skip(&reader->json));
}

static const struct field data_fields[] = {{OPTIONAL_BY(data, read_any_text)}};
static const struct shape data_shape = {SHAPE(dm_task, data_fields)};

static void read_unreadable(struct reader *reader, const struct task_head *head, const char *why, dm_task *task)
{
    *task = (dm_task){.id = head->id, .status = DM_TASK_UNREADABLE};
    task->error = reader_copy(reader, (struct json_slice){why, strlen(why)});
    read_object(reader, &data_shape, task);
}

/* ---- Tasks ---- */

/* Reads an item with a separate failure, so that an invalid one does not fail the page. Running out of memory does. */
static bool read_apart(struct reader *reader, const struct shape *shape, dm_error *error, void *item)
{
    struct failure *page_failure = reader->failure;
    const char *page_subject = reader->subject;
    struct failure failure;
    failure_init(&failure, error);
    failure.secret = page_failure->secret;
    reader->failure = &failure;
    reader->subject = NULL;
    read_object(reader, shape, item);
    reader->failure = page_failure;
    reader->subject = page_subject;
    if (failure.status == DM_ERR_NO_MEMORY)
        reader_fail_memory(reader);
    return failure.status == DM_OK;
}

static void read_task(struct reader *reader, const struct task_head *head, const struct shape *shape, dm_task *slot)
{
    const struct json start = reader->json;
    dm_error error;
    dm_task task = {.status = DM_TASK_PENDING};

    if (!read_apart(reader, shape, &error, &task) && reader->failure->status == DM_OK) {
        reader->json = start;
        read_unreadable(reader, head, error.message, &task);
    }
    if (reader->failure->status == DM_OK)
        *slot = task;
}

/* A page while it is read. */
struct task_page {
    struct reader reader;
    const struct task_sink *sink;
    bool has_id;       /* some task has a valid id */
    dm_error nameless; /* what is wrong with the first task that has none */
};

static void skip_nameless(struct task_page *page, const struct json *start, const dm_error *error)
{
    if (page->nameless.status == DM_OK)
        page->nameless = *error;
    page->sink->slot(page->sink->context, NULL, DM_TASK_UNREADABLE, &page->reader.arena);
    page->reader.json = *start;
    json_skip(&page->reader.json);
}

/* Reads a task's head first, and the rest only if the task is awaited. */
static void sink_task(struct task_page *page)
{
    struct reader *reader = &page->reader;
    const struct task_sink *sink = page->sink;
    struct task_head head = {.status = DM_TASK_UNREADABLE};
    const struct json start = reader->json;
    dm_error error;
    reader->arena = sink->arena;
    if (!read_apart(reader, &head_shape, &error, &head)) {
        skip_nameless(page, &start, &error);
        return;
    }
    page->has_id = true;
    dm_task *task = sink->slot(sink->context, &head.id, head.status, &reader->arena);
    if (task == NULL)
        return;
    reader->json = start;
    read_task(reader, &head, sink->shape, task);
}

static void fail_without_ids(const struct task_page *page, struct failure *failure)
{
    if (!page->has_id && page->nameless.status != DM_OK)
        reply_fail(failure, page->reader.subject, page->nameless.message);
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
    struct task_page page = {.sink = sink};
    reader_begin(&page.reader, reply, sink->arena, failure);
    const char *link = results_begin(&page.reader);
    while (results_next(&page.reader))
        sink_task(&page);
    fail_without_ids(&page, failure);
    if (failure->status == DM_OK)
        write_next(&page.reader, link, next);
    reader_free(&page.reader);
}

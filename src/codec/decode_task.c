#include "codec/decode.h"

#include "codec/decode_inference.h"
#include "codec/field.h"
#include "codec/server_words.h"
#include "codec/value.h"

/* ---- The status ---- */

static void read_status(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    (void)field;
    task->status = value_task_status(reader);
    if (task->status == DM_TASK_UNREADABLE)
        reader_fail(reader, "is not \"pending\", \"success\" or \"error\"");
}

/* ---- The error. Only a failed task has one, but its status may follow later in the text. Until then, `error` points
 * to the error's place in the text. ---- */

static void note_error(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    (void)field;
    task->error = json_skip(&reader->json).start;
}

/* Copies the strings in an object or a list; returns NULL if there are none. */
static const char *copy_words(struct reader *reader, struct json_slice text)
{
    struct text words;
    text_init(&words, TEXT_NO_LIMIT);
    json_words(text, &words);
    const char *copy = words.length > 0 ? reader_copy(reader, (struct json_slice){words.data, words.length}) : NULL;
    if (words.status == DM_ERR_NO_MEMORY)
        reader_fail_memory(reader);
    text_free(&words);
    return copy;
}

static const char *read_error(struct reader *reader)
{
    const enum json_kind kind = json_kind(&reader->json);
    if (kind == JSON_OBJECT || kind == JSON_ARRAY)
        return copy_words(reader, json_skip(&reader->json));
    return value_string(reader);
}

/* The object is already closed. Reopens it, so that the path in an error message is right. */
static const char *read_noted_error(struct reader *reader, const char *start)
{
    const struct json after = reader->json;
    reader->json.position = start;
    reader->path[++reader->json.depth].name = "error";
    const char *error = read_error(reader);
    if (reader->failure->status == DM_OK)
        reader->json = after;
    return error;
}

static void finish_error(struct reader *reader, struct json_slice text, void *item)
{
    dm_task *task = item;
    (void)text;
    if (task->error != NULL)
        task->error = task->status == DM_TASK_ERROR ? read_noted_error(reader, task->error) : NULL;
}

/* ---- The data ---- */

static void read_inference_only(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    (void)field;
    task->inference = read_inference(reader);
}

static void read_data(struct reader *reader, const struct field *field, void *item)
{
    dm_task *task = item;
    json_kind(&reader->json);
    const char *start = reader->json.position;
    read_inference_only(reader, field, item);
    if (reader->failure->status == DM_OK)
        task->data = reader_copy(reader, (struct json_slice){start, (size_t)(reader->json.position - start)});
}

/* ---- Tasks ---- */

#define TASK_FIELDS(how_data_is_read)                                                                                  \
    {REQUIRED_TASK_ID(dm_task, id)}, {REQUIRED_BY(status, read_status)}, {OPTIONAL_BY(error, note_error)},             \
        {OPTIONAL_STRING(dm_task, date_created)}, {OPTIONAL_STRING(dm_task, date_updated)},                            \
    {                                                                                                                  \
        OPTIONAL_BY(data, how_data_is_read)                                                                            \
    }

static const struct field task_fields[] = {TASK_FIELDS(read_data)};
static const struct field task_inference_fields[] = {TASK_FIELDS(read_inference_only)};

const struct shape task_shape = {SHAPE(dm_task, task_fields), .finish = finish_error};
const struct shape task_inference_shape = {SHAPE(dm_task, task_inference_fields), .finish = finish_error};

static const struct field submission_fields[] = {
    {REQUIRED_BY(task_id, read_task_id)}, /* fills the whole struct */
};

const struct shape submission_shape = {SHAPE(dm_task_id, submission_fields)};

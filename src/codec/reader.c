#include "codec/reader.h"

#include "codec/server_words.h"

#include <stdio.h>
#include <string.h>

enum { MAX_PATH = 256, MAX_WRONG = 64 };

static const char *text_or_empty(const struct text *body)
{
    return body->data != NULL ? body->data : "";
}

/* ---- Is it JSON? ---- */

bool reply_fail(struct failure *failure, const char *subject, const char *wrong)
{
    return failure_set(failure, DM_ERR_BAD_RESPONSE, "%s%s%s", subject != NULL ? subject : "",
                       subject != NULL ? ": " : "", wrong);
}

static bool fail_page(const struct text *body, const char *subject, struct failure *failure)
{
    server_words(body, failure);
    return reply_fail(failure, subject, "the reply is a page of HTML, not JSON; check the API's address");
}

bool reply_check(const struct text *body, const char *subject, struct failure *failure)
{
    char wrong[128];
    struct json json;
    const char *text = text_or_empty(body);

    json_begin_received(&json, text, body->length);
    json_skip(&json);
    if (json_finish(&json))
        return true;
    if (json.end == text)
        return reply_fail(failure, subject, "the reply is empty");
    if (text[strspn(text, " \t\r\n")] == '<')
        return fail_page(body, subject, failure);
    snprintf(wrong, sizeof wrong, "the reply is not valid JSON: at byte %zu, %s", json.fault.offset, json.fault.reason);
    return reply_fail(failure, subject, wrong);
}

/* ---- Beginning and end ---- */

void reader_begin(struct reader *reader, const struct reply *reply, struct arena *arena, struct failure *failure)
{
    reader->body = &reply->body;
    reader->subject = reply->subject;
    reader->arena = arena;
    reader->failure = failure;
    text_init(&reader->items, TEXT_NO_LIMIT);
    json_begin_received(&reader->json, text_or_empty(&reply->body), reply->body.length);
    if (arena == NULL)
        reader_fail_memory(reader);
}

bool reader_end(struct reader *reader)
{
    if (reader->failure->status == DM_OK && !json_finish(&reader->json))
        reply_check(reader->body, reader->subject, reader->failure);
    reader_free(reader);
    return reader->failure->status == DM_OK;
}

void reader_free(struct reader *reader)
{
    text_free(&reader->items);
}

/* ---- Failures ---- */

static void write_step(struct text *text, const struct step *step)
{
    if (step->name == NULL) {
        text_append_string(text, "[");
        text_append_integer(text, (int64_t)step->index);
        text_append_string(text, "]");
        return;
    }
    if (text->length > 0)
        text_append_string(text, ".");
    text_append_string(text, step->name);
}

static void write_path(struct text *text, const struct reader *reader)
{
    text_init(text, MAX_PATH);
    for (size_t depth = 1; depth <= reader->json.depth; depth++)
        write_step(text, &reader->path[depth]);
}

void reader_fail_memory(struct reader *reader)
{
    failure_no_memory(reader->failure);
    json_stop(&reader->json);
}

static void fail_at_path(struct reader *reader, const char *wrong)
{
    char message[MAX_PATH + 2 * MAX_WRONG];
    struct text path;
    write_path(&path, reader);
    snprintf(message, sizeof message, "in the reply, %s %s", path.length > 0 ? path.data : "the outermost value",
             wrong);
    if (path.status == DM_ERR_NO_MEMORY)
        failure_no_memory(reader->failure);
    else
        reply_fail(reader->failure, reader->subject, message);
    text_free(&path);
}

/* If the reply is not valid JSON, an apparently wrong value is only a consequence. Reports the invalid JSON instead. */
void reader_fail(struct reader *reader, const char *wrong)
{
    if (reader->failure->status == DM_OK && reply_check(reader->body, reader->subject, reader->failure))
        fail_at_path(reader, wrong);
    json_stop(&reader->json);
}

/* ---- Kinds ---- */

static const char *describe(enum json_kind kind)
{
    static const char descriptions[][sizeof "is missing or null"] = {
        [JSON_NONE] = "is missing or null", [JSON_NULL] = "is missing or null", [JSON_BOOL] = "is true or false",
        [JSON_NUMBER] = "is a number",      [JSON_STRING] = "is a string",      [JSON_ARRAY] = "is an array",
        [JSON_OBJECT] = "is an object",
    };
    return descriptions[kind];
}

void reader_fail_kind(struct reader *reader, const char *wanted)
{
    char wrong[MAX_WRONG];
    snprintf(wrong, sizeof wrong, "%s, not %s", describe(json_kind(&reader->json)), wanted);
    reader_fail(reader, wrong);
}

/* ---- Memory ---- */

/* Fails if the allocation failed. */
static void *check_memory(struct reader *reader, void *memory)
{
    if (memory == NULL)
        reader_fail_memory(reader);
    return memory;
}

void *reader_alloc(struct reader *reader, size_t size)
{
    return check_memory(reader, arena_alloc(reader->arena, 1, size));
}

void *reader_keep(struct reader *reader, const void *bytes, size_t size)
{
    return check_memory(reader, arena_keep(reader->arena, bytes, size));
}

const char *reader_copy(struct reader *reader, struct json_slice text)
{
    return check_memory(reader, arena_copy(reader->arena, text.start, text.length));
}

#include "codec/reader.h"

#include "base/c_locale.h"
#include "base/number.h"
#include "codec/server_words.h"
#include "codec/task_id.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_PATH = 256 };

/* cJSON reads numbers by the thread's locale. */
static cJSON *parse(const struct text *body)
{
    locale_t c_locale;
    locale_t previous;
    if (!c_locale_enter(&c_locale, &previous))
        return NULL;
    cJSON *document = cJSON_ParseWithLength(body->data, body->length);
    c_locale_leave(c_locale, previous);
    return document;
}

/* A gateway's page, say.  */
static bool fail_page(const struct reply *reply, struct failure *failure)
{
    server_words(&reply->body, failure);
    return failure_set(failure, DM_ERR_BAD_RESPONSE,
                       "%s: the reply is a page of HTML, not JSON; is the API's address right?", reply->subject);
}

bool reader_scan(const struct reply *reply, struct failure *failure)
{
    struct json_fault fault;
    const char *data = reply->body.data != NULL ? reply->body.data : "";
    if (json_scan(data, reply->body.length, JSON_DEPTH_OF_REPLY, &fault))
        return true;
    if (reply->body.length == 0)
        return failure_set(failure, DM_ERR_BAD_RESPONSE, "%s: the reply is empty", reply->subject);
    if (data[strspn(data, " \t\r\n")] == '<')
        return fail_page(reply, failure);
    return failure_set(failure, DM_ERR_BAD_RESPONSE, "%s: the reply is not valid JSON: at byte %zu, %s", reply->subject,
                       fault.offset, fault.reason);
}

void reader_open(struct reader *reader, const struct reply *reply, struct arena *arena, struct failure *failure)
{
    *reader = (struct reader){.reply = reply, .arena = arena, .failure = failure};
    if (arena == NULL)
        reader_fail_memory(reader);
    else if (reader_scan(reply, failure) && (reader->document = parse(&reply->body)) == NULL)
        reader_fail_memory(reader);
}

void reader_close(struct reader *reader)
{
    cJSON_Delete(reader->document);
}

/* ---- Failures ---- */

static void write_place(struct text *text, const struct place *at)
{
    if (at->name == NULL) {
        text_append_string(text, "[");
        text_append_integer(text, (int64_t)at->index);
        text_append_string(text, "]");
        return;
    }
    if (text->length > 0)
        text_append_string(text, ".");
    text_append_string(text, at->name);
}

/* The way is known from its end, so it is turned round on a stack that is as deep as a reply can be. */
static void write_path(struct text *text, const struct place *at)
{
    const struct place *way[JSON_DEPTH_OF_REPLY];
    size_t steps = 0;
    for (; at->parent != NULL && steps < JSON_DEPTH_OF_REPLY; at = at->parent)
        way[steps++] = at;
    while (steps > 0)
        write_place(text, way[--steps]);
}

void reader_fail_memory(struct reader *reader)
{
    failure_no_memory(reader->failure);
}

void *reader_alloc(struct reader *reader, size_t count, size_t size)
{
    void *memory = reader->failure->status == DM_OK ? arena_alloc(reader->arena, count, size) : NULL;
    if (memory == NULL)
        reader_fail_memory(reader);
    return memory;
}

static const char *copy(struct reader *reader, const char *from, size_t length)
{
    const char *made = reader->failure->status == DM_OK ? arena_copy(reader->arena, from, length) : NULL;
    if (made == NULL)
        reader_fail_memory(reader);
    return made;
}

void reader_fail(struct reader *reader, const struct place *at, const char *wrong)
{
    struct text path;
    if (reader->failure->status != DM_OK)
        return;
    text_init(&path, MAX_PATH);
    write_path(&path, at);
    if (path.status == DM_ERR_NO_MEMORY)
        reader_fail_memory(reader);
    else
        failure_set(reader->failure, DM_ERR_BAD_RESPONSE, "%s: in the reply, %s %s", reader->reply->subject,
                    path.length > 0 ? path.data : "the outermost value", wrong);
    text_free(&path);
}

static bool is_number(const cJSON *json)
{
    return json != NULL && cJSON_IsNumber(json);
}

static bool is_string(const cJSON *json)
{
    return json != NULL && cJSON_IsString(json);
}

static const char *kind_of(const cJSON *json)
{
    if (json == NULL || cJSON_IsNull(json))
        return "is missing or null";
    if (cJSON_IsObject(json))
        return "is an object";
    if (cJSON_IsArray(json))
        return "is an array";
    if (is_string(json))
        return "is a string";
    return is_number(json) ? "is a number" : "is true or false";
}

static void fail_kind(struct reader *reader, const struct place *at, const char *wanted)
{
    char wrong[64];
    snprintf(wrong, sizeof wrong, "%s, not %s", kind_of(at->json), wanted);
    reader_fail(reader, at, wrong);
}

/* ---- Places ---- */

static const cJSON *unless_null(const cJSON *json)
{
    return cJSON_IsNull(json) ? NULL : json;
}

struct place read_root(struct reader *reader)
{
    struct place root = {.json = reader->document};
    if (reader->failure->status != DM_OK)
        return root;
    root.text = json_value(reader->reply->body.data, reader->reply->body.length);
    read_object_here(reader, &root);
    return root;
}

struct place place_member(const struct place *object, const char *name, bool with_text)
{
    struct place member = {.parent = object, .name = name};
    member.json = unless_null(cJSON_GetObjectItemCaseSensitive(object->json, name));
    if (with_text && member.json != NULL)
        json_member(object->text, name, &member.text);
    return member;
}

/* ---- Values ---- */

bool read_object_here(struct reader *reader, const struct place *at)
{
    if (!cJSON_IsObject(at->json))
        fail_kind(reader, at, "an object");
    return reader->failure->status == DM_OK;
}

bool read_array_here(struct reader *reader, const struct place *at)
{
    if (!cJSON_IsArray(at->json))
        fail_kind(reader, at, "an array");
    return reader->failure->status == DM_OK;
}

int64_t read_integer_here(struct reader *reader, const struct place *at)
{
    const double number = is_number(at->json) ? at->json->valuedouble : NAN;
    if (!is_number(at->json))
        fail_kind(reader, at, "an integer");
    else if (!(fabs(number) <= (double)NUMBER_MAX_EXACT) || floor(number) != number)
        reader_fail(reader, at, "is not an integer from -(2^53 - 1) to 2^53 - 1");
    return reader->failure->status == DM_OK ? (int64_t)number : 0;
}

static double read_number_here(struct reader *reader, const struct place *at)
{
    const double number = is_number(at->json) ? at->json->valuedouble : NAN;
    if (!is_number(at->json))
        fail_kind(reader, at, "a number");
    else if (!isfinite(number))
        reader_fail(reader, at, "is too large a number");
    return reader->failure->status == DM_OK ? number : 0;
}

const char *read_string_here(struct reader *reader, const struct place *at)
{
    if (!is_string(at->json)) {
        fail_kind(reader, at, "a string");
        return NULL;
    }
    return copy(reader, at->json->valuestring, strlen(at->json->valuestring));
}

/* Task ids come as strings and as numbers. */
static dm_task_id read_task_id_here(struct reader *reader, const struct place *at)
{
    dm_task_id id = {""};
    if (is_number(at->json)) {
        snprintf(id.text, sizeof id.text, "%" PRId64, read_integer_here(reader, at));
    } else if (!is_string(at->json)) {
        fail_kind(reader, at, "a task's id");
    } else if (!task_id_is_valid(at->json->valuestring)) {
        reader_fail(reader, at, "is not a task's id of 1 to 63 letters, digits, '-' and '_'");
    } else {
        snprintf(id.text, sizeof id.text, "%s", at->json->valuestring);
    }
    return id;
}

const char *read_text(struct reader *reader, const struct place *at)
{
    if (reader->failure->status != DM_OK || at->json == NULL)
        return NULL;
    return copy(reader, at->text.start, at->text.length);
}

/* ---- Members ---- */

int64_t read_integer(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    return read_integer_here(reader, &at);
}

double read_number(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    return read_number_here(reader, &at);
}

const char *read_string(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    return read_string_here(reader, &at);
}

dm_task_id read_task_id(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    return read_task_id_here(reader, &at);
}

bool read_optional_bool(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    if (at.json != NULL && !cJSON_IsBool(at.json))
        fail_kind(reader, &at, "true or false");
    return cJSON_IsTrue(at.json) != 0;
}

/* Puts a value that is there into the arena. */
static void *keep(struct reader *reader, const void *value, size_t size)
{
    void *kept = reader_alloc(reader, 1, size);
    if (kept != NULL)
        memcpy(kept, value, size);
    return kept;
}

const int64_t *read_optional_integer(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    if (at.json == NULL)
        return NULL;
    const int64_t value = read_integer_here(reader, &at);
    return keep(reader, &value, sizeof value);
}

const double *read_optional_number(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    if (at.json == NULL)
        return NULL;
    const double value = read_number_here(reader, &at);
    return keep(reader, &value, sizeof value);
}

const char *read_optional_string(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    return at.json == NULL ? NULL : read_string_here(reader, &at);
}

const dm_task_id *read_optional_task_id(struct reader *reader, const struct place *object, const char *name)
{
    const struct place at = place_member(object, name, false);
    if (at.json == NULL)
        return NULL;
    const dm_task_id value = read_task_id_here(reader, &at);
    return keep(reader, &value, sizeof value);
}

/* ---- Arrays ---- */

static void read_items(struct reader *reader, const struct place *array, const struct shape *shape,
                       unsigned char *items)
{
    struct place item = {.parent = array};
    const bool with_text = array->text.length > 0;
    struct json_slice slice = {NULL, 0};

    cJSON_ArrayForEach(item.json, array->json)
    {
        if (with_text && json_next_item(array->text, &slice))
            item.text = slice;
        shape->read(reader, &item, items + item.index * shape->size);
        if (reader->failure->status != DM_OK)
            return;
        item.index++;
    }
}

const void *read_array(struct reader *reader, const struct place *array, const struct shape *shape, size_t *count)
{
    *count = 0;
    if (array->json == NULL || !read_array_here(reader, array))
        return NULL;
    const size_t length = (size_t)cJSON_GetArraySize(array->json);
    if (length == 0)
        return NULL;
    void *items = reader_alloc(reader, length, shape->size);
    if (items == NULL)
        return NULL;
    read_items(reader, array, shape, items);
    *count = length;
    return items;
}

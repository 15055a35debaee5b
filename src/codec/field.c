#include "codec/field.h"

#include "codec/value.h"

#include <assert.h>
#include <string.h>

enum { MAX_ESCAPED_NAME = 256, MAX_RESERVED = 64 * 1024 };

/* ---- Objects ---- */

/* The state of reading an object. */
struct object_state {
    const struct field *fields;
    size_t count;
    size_t guess;  /* the field after the last one found: services usually send members in a fixed order */
    uint32_t seen; /* a bit for each field */
};

static const struct field *find_field(const struct object_state *state, const struct json_string *name)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct field *field = &state->fields[i];
        if (field->name_length == name->length && memcmp(field->name, name->start, name->length) == 0)
            return field;
    }
    return NULL;
}

static const struct field *find_escaped_field(const struct object_state *state, const struct json_string *name)
{
    char unescaped[MAX_ESCAPED_NAME];
    json_string_copy(name, unescaped, sizeof unescaped);
    const struct json_string copy = {unescaped, strlen(unescaped), false};
    return find_field(state, &copy);
}

/* Passes a member's name. Returns its field, or NULL if there is none. */
static const struct field *read_name(struct reader *reader, const struct object_state *state)
{
    const struct field *guess = &state->fields[state->guess];
    if (state->guess < state->count && json_try_name(&reader->json, guess->name, guess->name_length))
        return guess;
    const struct json_string name = json_name(&reader->json);
    return name.has_escapes ? find_escaped_field(state, &name) : find_field(state, &name);
}

/* Returns true for the first member with this name. */
static bool note_seen(struct object_state *state, const struct field *field)
{
    const size_t index = (size_t)(field - state->fields);
    const uint32_t bit = UINT32_C(1) << index;
    const bool is_first = (state->seen & bit) == 0;
    state->seen |= bit;
    state->guess = index + 1;
    return is_first;
}

/* Reads a member of the JSON object. */
static void read_member(struct reader *reader, struct object_state *state, struct step *step, void *item)
{
    const struct field *field = read_name(reader, state);
    if (field == NULL || !note_seen(state, field) || (!field->is_required && json_kind(&reader->json) == JSON_NULL)) {
        json_skip(&reader->json);
        return;
    }
    step->name = field->name;
    field->read(reader, field, item);
}

static bool is_read(const struct reader *reader)
{
    return reader->failure->status == DM_OK && reader->json.fault.reason == NULL;
}

/* Reads a missing required member as null, so that its reader reports the error. The object is already closed. Reopens
 * it, so that the path in the message is right. The cursor is outside of its text meanwhile: a reader must reject null
 * before it moves, or skip it. This cannot be a fault: the null is not counted among the text's values. */
static void read_absent(struct reader *reader, const struct field *field, void *item)
{
    const char *position = reader->json.position;
    reader->json.position = "null";
    reader->json.values--;
    reader->path[++reader->json.depth].name = field->name;
    field->read(reader, field, item);
    assert(reader->json.fault.reason == NULL);
    if (reader->failure->status != DM_OK)
        return;
    reader->json.position = position;
    reader->json.depth--;
}

static void read_absent_fields(struct reader *reader, const struct object_state *state, void *item)
{
    for (size_t i = 0; i < state->count && is_read(reader); i++)
        if (state->fields[i].is_required && (state->seen & UINT32_C(1) << i) == 0)
            read_absent(reader, &state->fields[i], item);
}

void read_object(struct reader *reader, const struct shape *shape, void *item)
{
    struct object_state state = {.fields = shape->fields, .count = shape->field_count};
    if (!reader_expect(reader, JSON_OBJECT, "an object"))
        return;
    const char *start = reader->json.position;
    json_enter(&reader->json);
    struct step *step = &reader->path[reader->json.depth];
    while (json_next(&reader->json))
        read_member(reader, &state, step, item);
    read_absent_fields(reader, &state, item);
    if (shape->finish != NULL && is_read(reader))
        shape->finish(reader, (struct json_slice){start, (size_t)(reader->json.position - start)}, item);
}

/* ---- Fields ---- */

/* The place in the struct that a field is stored in. */
static void *slot_of(void *item, size_t offset)
{
    return (unsigned char *)item + offset;
}

void read_bool(struct reader *reader, const struct field *field, void *item)
{
    bool *slot = slot_of(item, field->offset);
    *slot = value_bool(reader);
}

void read_integer(struct reader *reader, const struct field *field, void *item)
{
    int64_t *slot = slot_of(item, field->offset);
    *slot = value_integer(reader);
}

void read_number(struct reader *reader, const struct field *field, void *item)
{
    double *slot = slot_of(item, field->offset);
    *slot = value_number(reader);
}

void read_string(struct reader *reader, const struct field *field, void *item)
{
    const char **slot = slot_of(item, field->offset);
    *slot = value_string(reader);
}

void read_resource_id(struct reader *reader, const struct field *field, void *item)
{
    int64_t *private_id = slot_of(item, field->offset);
    const char **public_id = slot_of(item, field->second_offset);
    if (json_kind(&reader->json) == JSON_STRING)
        *public_id = value_string(reader);
    else
        *private_id = value_integer(reader);
}

void read_task_id(struct reader *reader, const struct field *field, void *item)
{
    dm_task_id *slot = slot_of(item, field->offset);
    *slot = value_task_id(reader);
}

void read_new_integer(struct reader *reader, const struct field *field, void *item)
{
    const int64_t **slot = slot_of(item, field->offset);
    const int64_t integer = value_integer(reader);
    *slot = reader_keep(reader, &integer, sizeof integer);
}

void read_new_number(struct reader *reader, const struct field *field, void *item)
{
    const double **slot = slot_of(item, field->offset);
    const double number = value_number(reader);
    *slot = reader_keep(reader, &number, sizeof number);
}

void read_new_task_id(struct reader *reader, const struct field *field, void *item)
{
    const dm_task_id **slot = slot_of(item, field->offset);
    const dm_task_id id = value_task_id(reader);
    *slot = reader_keep(reader, &id, sizeof id);
}

void read_object_text(struct reader *reader, const struct field *field, void *item)
{
    const char **slot = slot_of(item, field->offset);
    if (reader_expect(reader, JSON_OBJECT, "an object"))
        *slot = reader_copy(reader, json_skip(&reader->json));
}

void read_array_text(struct reader *reader, const struct field *field, void *item)
{
    const char **slot = slot_of(item, field->offset);
    if (reader_expect(reader, JSON_ARRAY, "an array"))
        *slot = reader_copy(reader, json_skip(&reader->json));
}

void read_struct(struct reader *reader, const struct field *field, void *item)
{
    read_object(reader, field->shape, slot_of(item, field->offset));
}

/* A value that is not an object is rejected before memory is allocated. */
void read_new_struct(struct reader *reader, const struct field *field, void *item)
{
    const void **slot = slot_of(item, field->offset);
    void *made = reader_expect(reader, JSON_OBJECT, "an object") ? reader_alloc(reader, field->shape->size) : NULL;
    *slot = made;
    if (made != NULL)
        read_object(reader, field->shape, made);
}

/* ---- Arrays ---- */

/* Structs rarely need more than half of the size of the text that they are read from. */
static void reserve_items(struct reader *reader)
{
    const size_t half = reader->body->length / 2;
    if (reader->items.capacity == 0)
        text_reserve(&reader->items, half < MAX_RESERVED ? half : MAX_RESERVED);
}

/* Appends the items to reader->items, and returns their number. */
static size_t collect_items(struct reader *reader, const struct shape *shape, void *item)
{
    size_t count = 0;
    reserve_items(reader);
    json_enter(&reader->json);
    struct step *step = &reader->path[reader->json.depth];
    step->name = NULL;
    for (; json_next(&reader->json); count++) {
        step->index = count;
        memset(item, 0, shape->size);
        read_object(reader, shape, item);
        text_append(&reader->items, item, shape->size);
    }
    if (reader->items.status != DM_OK)
        reader_fail_memory(reader);
    return count;
}

/* Items are collected in the reader's buffer, which can be reallocated, until their number is known. */
void read_items(struct reader *reader, const struct field *field, void *item)
{
    const void **slot = slot_of(item, field->offset);
    size_t *count = slot_of(item, field->second_offset);
    const size_t start = reader->items.length;
    void *one = reader_expect(reader, JSON_ARRAY, "an array") ? reader_alloc(reader, field->shape->size) : NULL;
    if (one == NULL)
        return;
    *count = collect_items(reader, field->shape, one);
    if (*count > 0 && reader->failure->status == DM_OK)
        *slot = reader_keep(reader, reader->items.data + start, reader->items.length - start);
    text_cut(&reader->items, start);
}

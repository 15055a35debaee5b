/* Reads typed values out of a parsed JSON reply. The first thing that is not as it should be sticks, and its path is
 * in the message; after it, every read gives zero. What is decoded into types meets cJSON here and in decode.c only. */
#ifndef DM_READER_H
#define DM_READER_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json_text.h"
#include "message/reply.h"

#include <cjson/cJSON.h>

struct reader {
    const struct reply *reply;
    cJSON *document;
    struct arena *arena;
    struct failure *failure;
};

/* A value and the way to it. Lives on the stack of whoever reads. */
struct place {
    const struct place *parent; /* NULL for the whole reply */
    const char *name;           /* of a member; NULL for an item of an array */
    size_t index;               /* of an item */
    const cJSON *json;          /* NULL if it is absent or null */
    struct json_slice text;     /* the value as it came; only where its parent's was asked for, too */
};

/* Checks that the reply is right JSON. */
bool reader_scan(const struct reply *reply, struct failure *failure);

/* Scans and parses the reply. The reader is to be closed in any case. */
void reader_open(struct reader *reader, const struct reply *reply, struct arena *arena, struct failure *failure);
void reader_close(struct reader *reader);

/* Says what is wrong with the value at a place. */
void reader_fail(struct reader *reader, const struct place *at, const char *wrong);
void reader_fail_memory(struct reader *reader);

/* Memory in the reader's arena. If there is none the reader has failed, and NULL comes back. */
void *reader_alloc(struct reader *reader, size_t count, size_t size);

/* The whole reply, which must be an object. */
struct place read_root(struct reader *reader);

/* A member's place, with its text if `with_text` is set. It is no failure if there is none. */
struct place place_member(const struct place *object, const char *name, bool with_text);

/* A member that must be there. */
int64_t read_integer(struct reader *reader, const struct place *object, const char *name);
double read_number(struct reader *reader, const struct place *object, const char *name);
const char *read_string(struct reader *reader, const struct place *object, const char *name);
dm_task_id read_task_id(struct reader *reader, const struct place *object, const char *name);

/* A member that may be absent or null. */
bool read_optional_bool(struct reader *reader, const struct place *object, const char *name);
const int64_t *read_optional_integer(struct reader *reader, const struct place *object, const char *name);
const double *read_optional_number(struct reader *reader, const struct place *object, const char *name);
const char *read_optional_string(struct reader *reader, const struct place *object, const char *name);
const dm_task_id *read_optional_task_id(struct reader *reader, const struct place *object, const char *name);

/* A value's text, exactly as it came; NULL if it is absent or null. */
const char *read_text(struct reader *reader, const struct place *at);

/* The value at a place itself. */
int64_t read_integer_here(struct reader *reader, const struct place *at);
const char *read_string_here(struct reader *reader, const struct place *at);
bool read_object_here(struct reader *reader, const struct place *at);
bool read_array_here(struct reader *reader, const struct place *at);

/* What a JSON value becomes: the size of the struct, and the function that fills one which is zeroed. */
struct shape {
    size_t size;
    void (*read)(struct reader *reader, const struct place *at, void *item);
};

/* Reads an array's items. Absent and null are an empty array. */
const void *read_array(struct reader *reader, const struct place *array, const struct shape *shape, size_t *count);

#endif

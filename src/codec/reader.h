/* Reads a JSON reply from its first byte to its last, once. What is not as it should be ends the reading, with a failure
 * that names the value's path. */
#ifndef DM_READER_H
#define DM_READER_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "message/reply.h"

/* One step of the way to a value: into a member, or into an item of an array. */
struct step {
    const char *name; /* NULL: an item */
    size_t index;
};

struct reader {
    struct json json;
    const struct text *body;
    const char *subject; /* what the body answers to; NULL: no message names it */
    struct arena *arena; /* what everything is read into */
    struct failure *failure;
    struct text items;                         /* of the arrays that are being read, until their number is known */
    struct step path[JSON_DEPTH_OF_REPLY + 1]; /* one for each open container, from 1 on */
};

/* True if the reply is JSON as we take it. */
bool reply_check(const struct text *body, const char *subject, struct failure *failure);

/* Begins to read; reader_end is to be called in any case. */
void reader_begin(struct reader *reader, const struct reply *reply, struct arena *arena, struct failure *failure);

/* True if all was read, and the reply ended there. */
bool reader_end(struct reader *reader);

/* Frees what the reader holds itself. For whoever does not read to the end. */
void reader_free(struct reader *reader);

/* Says what is wrong with the value that comes next, such as "is too large a number", and ends the reading. */
void reader_fail(struct reader *reader, const char *wrong);
void reader_fail_memory(struct reader *reader);

/* Says that a value of another kind is wanted, such as "a string". */
void reader_fail_kind(struct reader *reader, const char *wanted);

/* Fails unless the value is of that kind. */
static inline bool reader_expect(struct reader *reader, enum json_kind kind, const char *wanted)
{
    const bool is_right = json_kind(&reader->json) == kind;
    if (!is_right)
        reader_fail_kind(reader, wanted);
    return is_right;
}

/* Each gives memory in the reader's arena: zeroed, or with a copy. Without memory the reader fails, and
 * NULL comes back. */
void *reader_alloc(struct reader *reader, size_t size);
void *reader_keep(struct reader *reader, const void *bytes, size_t size);
const char *reader_copy(struct reader *reader, struct json_slice text);

#endif

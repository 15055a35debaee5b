/* Reads a JSON reply in one pass. An invalid value ends the reading; the failure's message contains the path of the
 * value. */
#ifndef DM_READER_H
#define DM_READER_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/json.h"
#include "message/reply.h"

/* One step of the path to a value: an object's member, or an item of an array. */
struct step {
    const char *name; /* NULL for an item */
    size_t index;
};

struct reader {
    struct json json;
    const struct text *body;
    const char *subject; /* the request that the body answers, for messages; may be NULL */
    struct arena *arena; /* holds all decoded values */
    struct failure *failure;
    struct text items;                         /* of the arrays being read, until their length is known */
    struct step path[JSON_DEPTH_OF_REPLY + 1]; /* one for each open container, starting at index 1 */
};

/* Fails with what is wrong with the reply, after the subject, if there is one: "GET https://...: ". Returns false. */
bool reply_fail(struct failure *failure, const char *subject, const char *wrong);

/* Returns true if the reply is valid JSON. */
bool reply_check(const struct text *body, const char *subject, struct failure *failure);

/* Starts reading. Always call reader_end or reader_free afterwards. */
void reader_begin(struct reader *reader, const struct reply *reply, struct arena *arena, struct failure *failure);

/* Returns true if nothing has failed and the reply was read to its end. */
bool reader_end(struct reader *reader);

/* Frees the reader's buffers. Only for a caller that does not call reader_end. */
void reader_free(struct reader *reader);

/* Fails with what is wrong with the next value, such as "is too large a number", and ends the reading. */
void reader_fail(struct reader *reader, const char *wrong);
void reader_fail_memory(struct reader *reader);

/* Fails because a value of another kind is expected, such as "a string". */
void reader_fail_kind(struct reader *reader, const char *wanted);

/* Fails unless the next value is of this kind. */
static inline bool reader_expect(struct reader *reader, enum json_kind kind, const char *wanted)
{
    const bool is_right = json_kind(&reader->json) == kind;
    if (!is_right)
        reader_fail_kind(reader, wanted);
    return is_right;
}

/* These return memory in the reader's arena, zeroed or with a copy. If out of memory, the reader fails and they return
 * NULL. */
void *reader_alloc(struct reader *reader, size_t size);
void *reader_keep(struct reader *reader, const void *bytes, size_t size);
const char *reader_copy(struct reader *reader, struct json_slice text);

#endif

/* The shape that the API promises of a reply, as a table: an oracle that knows json-c, and nothing of the decoders. */
#ifndef FUZZ_SHAPE_H
#define FUZZ_SHAPE_H

#include "message/reply.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum shape_kind {
    SHAPE_OBJECT,
    SHAPE_ARRAY,
    SHAPE_STRING,
    SHAPE_BOOL,
    SHAPE_NUMBER,  /* finite */
    SHAPE_INTEGER, /* from -2^63 to 2^63 - 1 */
    SHAPE_ID,      /* an integer or a string */
    SHAPE_TASK_ID, /* an integer, or 1 to 63 letters, digits, '-' and '_' */
    SHAPE_TASK_STATUS,
    SHAPE_TASK /* an object; if it has failed, its error is a string, an object, an array, null or absent */
};

struct shape_rule {
    const char *path; /* such as "outputs[].labels": every value that this leads to */
    enum shape_kind kind;
    bool required; /* otherwise it may be absent or null */
};

enum verdict { VERDICT_BROKEN, VERDICT_HOLDS, VERDICT_UNKNOWN };

/* Is the reply one JSON object, strictly right, and does it keep all the rules? A rule about what lies inside of
 * something says nothing where that is absent, null or of another kind. What json-c reads otherwise than the library is
 * unknown: of equal names it takes the last one, and integers at the ends of their range are all the same to it. */
enum verdict shape_judge(const struct reply *reply, const struct shape_rule *rules, size_t count);

/* The reply as json-c reads it; NULL if it is not right, or is read otherwise. */
struct json_object *shape_parse(const struct reply *reply, bool *is_right);

/* True if it is this string. json-c 0.16 makes U+FFFD of some surrogate pairs, such as "\ud837\ude00": what holds that is
 * not compared. */
bool shape_is_string(struct json_object *json, const char *string);

/* Compares what was decoded with what json-c has read: a member's string, integer or number. */
bool shape_same_string(struct json_object *object, const char *name, const char *string);
bool shape_same_integer(struct json_object *object, const char *name, int64_t integer);
bool shape_same_number(struct json_object *object, const char *name, double number);

#endif

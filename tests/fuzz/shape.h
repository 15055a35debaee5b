/* The documented structure of a reply, as a table. It is an oracle that uses json-c and is independent of the
 * decoders. */
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
    SHAPE_TASK /* an object; the error of a failed task is a string, an object, an array, null or absent */
};

struct shape_rule {
    const char *path; /* such as "outputs[].labels"; the rule applies to every value with this path */
    enum shape_kind kind;
    bool required; /* otherwise it may be absent or null */
};

enum verdict { VERDICT_BROKEN, VERDICT_HOLDS, VERDICT_UNKNOWN };

/* Whether the reply is one valid JSON object that satisfies all rules. A rule for a member does not apply if its parent
 * is absent, null or of another type. The result is unknown where json-c differs from the library: json-c uses the last
 * one of duplicate names, and clamps integers to their range. */
enum verdict shape_judge(const struct reply *reply, const struct shape_rule *rules, size_t count);

/* The reply as parsed by json-c; NULL if it is invalid, or if json-c parses it differently. */
struct json_object *shape_parse(const struct reply *reply, bool *is_right);

/* Whether the value is this string. Strings with U+FFFD are not compared, because json-c 0.16 decodes some surrogate
 * pairs, such as "\ud837\ude00", to it. */
bool shape_is_string(struct json_object *json, const char *string);

/* Compares a decoded string, integer or number with json-c's value of the member. */
bool shape_same_string(struct json_object *object, const char *name, const char *string);
bool shape_same_integer(struct json_object *object, const char *name, int64_t integer);
bool shape_same_number(struct json_object *object, const char *name, double number);

#endif

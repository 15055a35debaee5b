/* The shape that the API promises of a reply, as a table: an oracle that knows cJSON, and nothing of the decoders. */
#ifndef FUZZ_SHAPE_H
#define FUZZ_SHAPE_H

#include "message/reply.h"

#include <stdbool.h>
#include <stddef.h>

enum shape_kind {
    SHAPE_OBJECT,
    SHAPE_ARRAY,
    SHAPE_STRING,
    SHAPE_BOOL,
    SHAPE_NUMBER,  /* finite */
    SHAPE_INTEGER, /* that a double holds exactly */
    SHAPE_ID,      /* an integer or a string */
    SHAPE_TASK_ID, /* an integer, or 1 to 63 letters, digits, '-' and '_' */
    SHAPE_TASK_STATUS,
    SHAPE_TASK /* an object; if it has failed, its error is a string, null or absent */
};

struct shape_rule {
    const char *path; /* such as "outputs[].labels": every value that this leads to */
    enum shape_kind kind;
    bool required; /* otherwise it may be absent or null */
};

/* True if the reply is one JSON object, strictly right, and keeps all the rules. A rule about what lies inside of
 * something says nothing where that is absent, null or of another kind. */
bool shape_holds(const struct reply *reply, const struct shape_rule *rules, size_t count);

#endif

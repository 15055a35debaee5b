/* JSON as a stream: a cursor that checks what it passes. One grammar checks, skips and reads, and no tree is built. The
 * first fault moves the cursor to the end of the text, so that every loop ends by itself. */
#ifndef DM_JSON_H
#define DM_JSON_H

#include "base/json_string.h"

#include <stdint.h>

enum {
    JSON_DEPTH_OF_VALUE = 128, /* of free-form JSON, in both directions */
    JSON_DEPTH_OF_REPLY = 132, /* the same inside of a page's results: page, results, item, field */
    JSON_MAX_VALUES = 2000000,
    JSON_MAX_NUMBER = 63 /* characters */
};

/* Where in a text, and why, it is not JSON as we take it. */
struct json_fault {
    const char *reason; /* NULL: no fault */
    size_t offset;
};

struct json {
    const char *start;
    const char *position;
    const char *end; /* a NUL stands here, and ends whatever is cut short */
    struct json_fault fault;
    size_t values; /* passed so far */
    size_t max_depth;
    size_t depth;                      /* of the open containers */
    char closing[JSON_DEPTH_OF_REPLY]; /* the bracket that closes each of them */
    bool is_entered;                   /* a container was just entered: no comma stands before what comes next */
};

enum json_kind {
    JSON_NONE, /* no value begins here: a fault, or the end */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A stretch of the text. */
struct json_slice {
    const char *start;
    size_t length;
};

/* Begins with a text that is nested at most `max_depth` (128 or 132) deep. text[length] must be NUL. */
void json_begin(struct json *json, const char *text, size_t length, size_t max_depth);

/* The same for a text as servers send it: without a byte order mark before it, and without NUL bytes behind it. */
void json_begin_received(struct json *json, const char *text, size_t length, size_t max_depth);

/* The kind of the value that comes next. */
static inline enum json_kind json_kind(struct json *json);

/* Enters the array or object that comes next. */
void json_enter(struct json *json);

/* True if a further item, or member, comes next. Otherwise the container is closed. */
bool json_next(struct json *json);

/* Passes a member's name and its colon. */
struct json_string json_name(struct json *json);

/* The same if the name is this one, which has only plain characters. Otherwise stays, and is false: it may still be that
 * name, written with escapes. */
bool json_try_name(struct json *json, const char *name, size_t length);

/* Each passes a value of that kind. */
struct json_string json_string(struct json *json);
struct json_slice json_number(struct json *json);
bool json_boolean(struct json *json);

/* Passes a number that is written as an integer of up to 18 digits, as nearly all are. Otherwise stays, and is false. */
bool json_try_integer(struct json *json, int64_t *integer);

/* Passes a value of any kind, which is checked nevertheless. */
struct json_slice json_skip(struct json *json);

/* True if the text held one value, with only white space around it, and no fault. */
bool json_finish(struct json *json);

/* Moves the cursor to the end, for a reader who has found what it cannot use. */
void json_stop(struct json *json);

/* Begin, skip and finish: true if the text is one value. Otherwise *fault says why not. */
bool json_check(const char *text, size_t length, size_t max_depth, struct json_fault *fault);

/* ---- Inline, for each value goes through it ---- */

/* The kinds of values by their first characters, and JSON_SPACE. */
extern const unsigned char json_kinds[256];
enum { JSON_SPACE = JSON_OBJECT + 1 };

static inline enum json_kind json_kind(struct json *json)
{
    while (json_kinds[(unsigned char)*json->position] == JSON_SPACE)
        json->position++;
    return (enum json_kind)json_kinds[(unsigned char)*json->position];
}

#endif

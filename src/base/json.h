/* A streaming JSON reader: a cursor that validates everything it passes. Checking, skipping and reading use the same
 * grammar, and no tree is built. The first fault moves the cursor to the end of the text, so that all loops end without
 * further checks.
 *
 * Functions named pass_ or skip_ move the cursor past what they name; json_ functions also skip the white space before
 * it. */
#ifndef DM_JSON_H
#define DM_JSON_H

#include "base/json_string.h"

#include <stdint.h>

enum {
    JSON_DEPTH_OF_VALUE = 128, /* limit for free-form JSON, sent or received */
    JSON_DEPTH_OF_REPLY = 132, /* the same, plus four levels of a page: page, results, item, field */
    JSON_MAX_VALUES = 2000000,
    JSON_MAX_NUMBER = 63 /* characters */
};

/* Why a text was rejected, and where. */
struct json_fault {
    const char *reason; /* NULL: no fault */
    size_t offset;      /* the text's length only if the text ends too early */
};

struct json {
    const char *start;
    const char *position;
    const char *end; /* text ends with a NUL here, which stops loops over truncated text */
    struct json_fault fault;
    size_t values; /* passed so far */
    size_t max_depth;
    size_t depth;                      /* number of open containers */
    char closing[JSON_DEPTH_OF_REPLY]; /* the bracket that closes each of them */
    bool is_entered;                   /* a container was just entered: no comma before its first item */
};

enum json_kind {
    JSON_NONE, /* no value begins here: invalid, or the end of the text */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* A part of the text. */
struct json_slice {
    const char *start;
    size_t length;
};

/* Starts reading a text. Nesting deeper than `max_depth` (128 or 132) is a fault. text[length] must be NUL. */
void json_begin(struct json *json, const char *text, size_t length, size_t max_depth);

/* Like json_begin, for a reply: ignores a byte order mark at the beginning and NUL bytes at the end, which some servers
 * send. */
void json_begin_received(struct json *json, const char *text, size_t length);

/* Returns the kind of the next value, without passing it. */
static inline enum json_kind json_kind(struct json *json);

/* Enters the array or object that is the next value. */
void json_enter(struct json *json);

/* Returns true if the container has a further item or member. Otherwise closes the container and returns false. */
bool json_next(struct json *json);

/* Passes a member's name and its colon. */
struct json_string json_name(struct json *json);

/* Like json_name if the next name is `name`, which must have only plain characters. Otherwise does not move and returns
 * false: the next name may still be equal to `name`, but written with escapes. */
bool json_try_name(struct json *json, const char *name, size_t length);

/* Each of these passes a value of its kind. */
struct json_string json_string(struct json *json);
struct json_slice json_number(struct json *json);
bool json_boolean(struct json *json);

/* Passes an integer of up to 18 digits, without fraction or exponent (the usual case). Otherwise does not move and
 * returns false. */
bool json_try_integer(struct json *json, int64_t *integer);

/* Passes a value of any kind. It is fully validated. */
struct json_slice json_skip(struct json *json);

/* Returns true if there was no fault and the text holds exactly one value, with only white space around it. */
bool json_finish(struct json *json);

/* Returns true if the fault is that the text ends too early, be it within a word, a number, an escape or
 * a character. */
static inline bool json_ends_early(const struct json *json);

/* Moves the cursor to the end, for a reader that rejects a value. */
void json_stop(struct json *json);

/* Returns true if the text is one valid JSON value. Otherwise *fault says why not. */
bool json_check(const char *text, size_t length, size_t max_depth, struct json_fault *fault);

/* ---- Inline, because it runs for each value ---- */

/* Maps the first character of a value to its kind, and white space to JSON_SPACE. */
extern const unsigned char json_kinds[256];
enum { JSON_SPACE = JSON_OBJECT + 1 };

static inline enum json_kind json_kind(struct json *json)
{
    while (json_kinds[(unsigned char)*json->position] == JSON_SPACE)
        json->position++;
    return (enum json_kind)json_kinds[(unsigned char)*json->position];
}

static inline bool json_ends_early(const struct json *json)
{
    return json->fault.reason != NULL && json->start + json->fault.offset == json->end;
}

#endif

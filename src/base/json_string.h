/* JSON's strings, and the escapes in them. */
#ifndef DM_JSON_STRING_H
#define DM_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* What stands between a string's quotes. */
struct json_string {
    const char *start;
    size_t length;
    bool has_escapes;
};

/* Passes the escape whose backslash *position stands at, in a text that ends in a NUL. NULL if it is right; otherwise
 * what is wrong with it, and *position is where. */
const char *json_escape_pass(const char **position);

/* Replaces a checked string's escapes by what they stand for. */
void json_unescape(char *string);

/* Copies a checked string without its escapes. One that is, as it is written, no shorter than `size` gives "". */
void json_string_copy(const struct json_string *string, char *copy, size_t size);

/* Compares it with a short text without escapes. */
bool json_string_is(const struct json_string *string, const char *wanted);

#endif

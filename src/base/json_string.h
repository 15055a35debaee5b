/* JSON strings and their escapes. */
#ifndef DM_JSON_STRING_H
#define DM_JSON_STRING_H

#include <stdbool.h>
#include <stddef.h>

/* A string without its quotes. */
struct json_string {
    const char *start;
    size_t length;
    bool has_escapes;
};

/* Passes the escape at *position, which points to its backslash. The text must end with a NUL. Returns NULL if the
 * escape is valid; otherwise returns the reason, and *position is the place of the fault. */
const char *json_escape_pass(const char **position);

/* Decodes the escapes of a validated string in place. */
void json_unescape(char *string);

/* Copies a validated string and decodes its escapes. Writes "" if the undecoded string does not fit into `size`
 * bytes. */
void json_string_copy(const struct json_string *string, char *copy, size_t size);

/* Compares the decoded string with `wanted`, which must be short. */
bool json_string_is(const struct json_string *string, const char *wanted);

#endif

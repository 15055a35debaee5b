/* Finds the first error in JSON text. */
#ifndef CLI_JSON_SYNTAX_H
#define CLI_JSON_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

struct json_error {
    size_t offset; /* of the first byte that is wrong */
    const char *reason;
};

/* Checks that the text is one JSON value (RFC 8259), nested at most 128 deep. Returns whether it is; otherwise fills
 * *error. The encoding of strings is not checked. */
bool json_syntax_check(const char *text, struct json_error *error);

#endif

/* Writes JSON, on one line, to standard output. */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

/* What is being written. Begin with `= {0}`. */
struct json {
    bool comma; /* something stands before the next value or key */
};

/* A value. `key` is its name in an object, or NULL in an array and at the top. */
void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);                 /* '}' or ']' */
void json_null(struct json *json, const char *key);
void json_bool(struct json *json, const char *key, bool value);
void json_integer(struct json *json, const char *key, int64_t value);
void json_double(struct json *json, const char *key, double value); /* reads back as the same double */

/* Nothing at all is written if text is NULL. */
void json_string(struct json *json, const char *key, const char *text);

/* `text` is JSON already: it is written digit for digit, without the white space between its parts. Nothing at all is
 * written if it is NULL. */
void json_verbatim(struct json *json, const char *key, const char *text);

/* Ends the line, and with it the value at the top. */
void json_end(struct json *json);

/* Only what json_verbatim writes for the value, for a table. The caller frees it. */
char *json_compact(const char *text);

#endif

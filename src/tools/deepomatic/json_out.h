/* Writes JSON to standard output, one value per line. */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

/* The state of a line. Begin with `= {0}`. */
struct json {
    bool comma; /* the next value or key needs a comma before it */
};

/* Each of these writes a value. `key` is its name in an object, or NULL in an array and at the top level. */
void json_open(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_close(struct json *json, char bracket);                 /* '}' or ']' */
void json_null(struct json *json, const char *key);
void json_bool(struct json *json, const char *key, bool value);
void json_integer(struct json *json, const char *key, int64_t value);
void json_double(struct json *json, const char *key, double value); /* a reader gets the same double */

/* The shortest digits that give the same double again; "null" if it is not finite. */
#define JSON_DOUBLE_SIZE 32
void json_format_double(char digits[JSON_DOUBLE_SIZE], double value);

/* Does nothing if text is NULL. */
void json_string(struct json *json, const char *key, const char *text);

/* `text` is JSON: it is written as it is, without white space between the tokens. Does nothing if it is NULL. */
void json_verbatim(struct json *json, const char *key, const char *text);

/* Ends the line and sends it with one write. */
void json_end(struct json *json);

/* JSON text without white space between the tokens. The caller frees it. */
char *json_compact(const char *text);

#endif

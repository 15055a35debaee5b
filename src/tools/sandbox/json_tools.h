/* Additions to json-c: strict parsing, text that may not be UTF-8, copies. */
#ifndef SANDBOX_JSON_TOOLS_H
#define SANDBOX_JSON_TOOLS_H

#include "bytes.h"

#include <json-c/json.h>

/* Parses a text, which a NUL must follow. Sets *error to a message, or to NULL on success. Returns NULL on failure and
 * for a JSON null. */
json_object *json_parse(struct bytes text, const char **error);

/* Creates a string. Invalid UTF-8 is replaced by U+FFFD, so that replies and the log are valid JSON. */
json_object *json_text(struct bytes bytes);

/* Like json_text, but returns a JSON null for absent bytes. */
json_object *json_text_or_null(struct bytes bytes);

/* Creates a number that is written with the fewest digits that identify it exactly. */
json_object *json_number(double number);

/* Creates {"key": value}, and takes the value over. */
json_object *json_pair(const char *key, json_object *value);

/* Creates [value], and takes the value over. */
json_object *json_single(json_object *value);

/* Returns a shallow copy of an object without one member. */
json_object *json_without(json_object *object, const char *excluded);

/* Sets a member to a value that another object also references. */
void json_share(json_object *object, const char *key, json_object *value);

#endif

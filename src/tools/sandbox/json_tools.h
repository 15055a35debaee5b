/* What json-c leaves to do: parsing strictly, text that may not be UTF-8, copies. */
#ifndef SANDBOX_JSON_TOOLS_H
#define SANDBOX_JSON_TOOLS_H

#include "bytes.h"

#include <json-c/json.h>

/* The JSON value that text, which a NUL must follow, consists of. On failure NULL and *error says why; a JSON null
 * is NULL too, and no error. */
json_object *json_parse(struct bytes text, const char **error);

/* A string of these bytes; what is not UTF-8 in them becomes U+FFFD, so that the reply or log stays JSON. */
json_object *json_text(struct bytes bytes);

/* A JSON null for absent bytes, else as json_text. */
json_object *json_text_or_null(struct bytes bytes);

/* A number in as few digits as say exactly it. */
json_object *json_number(double number);

/* {"key": value}; takes the value over. */
json_object *json_pair(const char *key, json_object *value);

/* [value]; takes the value over. */
json_object *json_single(json_object *value);

/* Another object with the same members, which both then share, except the one named. */
json_object *json_without(json_object *object, const char *excluded);

/* Sets a member to a value that stays also where it is now. */
void json_share(json_object *object, const char *key, json_object *value);

#endif

/* A multipart form's flattened fields as the JSON object that they stand for.
 *
 * inputs[0]image.bbox.xmin is member xmin of member bbox of member image of item 0 of member inputs. Values are text;
 * that of a file part is a string with the part (struct part) as its user data. */
#ifndef SANDBOX_FORM_H
#define SANDBOX_FORM_H

#include "multipart.h"

#include <json-c/json.h>

/* On failure NULL, and *error says why (to be freed). */
json_object *form_read(const struct multipart *multipart, char **error);

#endif

/* Converts the flattened fields of a multipart form to a JSON object.
 *
 * inputs[0]image.bbox.xmin becomes {"inputs": [{"image": {"bbox": {"xmin": ...}}}]}. All values are strings. The
 * string of a file part has the part (struct part) as its user data. */
#ifndef SANDBOX_FORM_H
#define SANDBOX_FORM_H

#include "multipart.h"

#include <json-c/json.h>

/* Returns NULL on failure, and sets *error to a message to free. */
json_object *form_read(const struct multipart *multipart, char **error);

#endif

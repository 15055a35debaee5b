/* One input of an inference: an image. */
#ifndef SANDBOX_IMAGE_INPUT_H
#define SANDBOX_IMAGE_INPUT_H

#include "crop.h"

#include <json-c/json.h>

struct image_input {
    const char *url;       /* NULL: the file is in content; borrowed from the JSON */
    struct bytes content;  /* the file */
    struct buffer decoded; /* holds content if it was sent as Base64 */
    struct crop crop;
};

/* Reads the JSON object of an image, which must outlive the input. File parts are as in form.h. Returns NULL, or an
 * error message that starts with the path after "image" (".source: ..."). In both cases the input must be cleared. */
const char *image_input_read(json_object *image, struct image_input *input);
void image_input_clear(struct image_input *input);

#endif

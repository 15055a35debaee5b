/* One image to recognise. */
#ifndef SANDBOX_IMAGE_INPUT_H
#define SANDBOX_IMAGE_INPUT_H

#include "crop.h"

#include <json-c/json.h>

struct image_input {
    const char *url;       /* NULL: it is in content; borrowed from the JSON */
    struct bytes content;  /* the file */
    struct buffer decoded; /* where content is if it came in base64 */
    struct crop crop;
};

/* Reads the JSON object of an image (a form's file parts as in form.h), which must stay; says what is wrong, with
 * what comes behind "image" in its path first (".source: ..."), or NULL. In both cases there is something to clear. */
const char *image_input_read(json_object *image, struct image_input *input);
void image_input_clear(struct image_input *input);

#endif

/* An image of the command line, made ready for the library. */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H

#include "file.h"

#include <deepomatic.h>

struct image {
    dm_input input;
    struct bytes content; /* what `input` points to, unless it is an address or a streamed file */
};

/* `name`, which is borrowed, is an address, "-" for standard input, or a file's path. With `base64`, what is no address
 * is sent as base64 text. False: a message has been written. */
bool image_load(const char *name, bool base64, struct image *image);

void image_free(struct image *image);

#endif

/* An image of the command line, as an input for the library. */
#ifndef CLI_IMAGE_H
#define CLI_IMAGE_H

#include "file.h"

#include <deepomatic.h>

struct image {
    dm_input input;
    struct bytes content; /* what `input` points to, unless it is a URL or a regular file */
};

/* `name`, which is borrowed, is a URL, "-" for standard input, or the path of a file or pipe. With `base64`, everything
 * but a URL is sent as base64 text. A pipe may take `timeout_ms` to give the image; 0: no limit. False: *error says
 * why. Free the image in any case. */
bool image_load(const char *name, bool base64, int64_t timeout_ms, struct image *image, dm_error *error);

/* Returns true if the name is an http:// or https:// address. */
bool image_is_url(const char *name);

/* Returns true if the name is a directory on this machine. */
bool image_is_directory(const char *name);

void image_free(struct image *image);

#endif

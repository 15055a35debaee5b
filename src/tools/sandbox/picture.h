/* Decodes JPEG and PNG files to pixels. */
#ifndef SANDBOX_PICTURE_H
#define SANDBOX_PICTURE_H

#include "bytes.h"

struct picture {
    size_t width;
    size_t height;
    unsigned char *pixels; /* RGB, from the top row to the bottom row */
};

/* Decodes a file. Returns NULL, or an error message; after an error there is nothing to clear. */
const char *picture_decode(struct bytes file, struct picture *picture);
void picture_clear(struct picture *picture);

#endif

/* Pictures: JPEG and PNG to pixels. */
#ifndef SANDBOX_PICTURE_H
#define SANDBOX_PICTURE_H

#include "bytes.h"

struct picture {
    size_t width;
    size_t height;
    unsigned char *pixels; /* red, green, blue; row by row from the top */
};

/* Decodes a file's content. On failure gives what is wrong and leaves nothing to free, else NULL. */
const char *picture_decode(struct bytes file, struct picture *picture);
void picture_clear(struct picture *picture);

#endif

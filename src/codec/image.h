/* Checks, opens and measures the images that the caller passes. */
#ifndef DM_IMAGE_H
#define DM_IMAGE_H

#include "base/failure.h"
#include "base/file.h"

/* A checked input. */
struct image {
    const dm_input *input;
    struct file file;         /* DM_SOURCE_FILE: open */
    size_t base64_characters; /* DM_SOURCE_BASE64: without white space */
    size_t base64_padding;    /* DM_SOURCE_BASE64: number of missing '=' */
};

/* Checks the input with this index. A file is opened, and the caller must close it. */
bool image_open(struct image *image, const dm_input *input, size_t index, struct failure *failure);

#endif

/* Checks, measures and opens the images that the caller passes. */
#ifndef DM_IMAGE_H
#define DM_IMAGE_H

#include "base/failure.h"
#include "base/file.h"

/* A checked input. */
struct image {
    const dm_input *input;
    struct file file;         /* DM_SOURCE_FILE: open, after image_open */
    size_t base64_characters; /* DM_SOURCE_BASE64: without white space */
    size_t base64_padding;    /* DM_SOURCE_BASE64: number of missing '=' */
};

/* Checks and measures the input with this index. Does not look for a file yet. */
bool image_check(struct image *image, const dm_input *input, size_t index, struct failure *failure);

/* Opens the file of a checked input, if it is one. The caller must close it. */
bool image_open(struct image *image, size_t index, struct failure *failure);

#endif

/* Images as the caller hands them in: checked, opened and measured. */
#ifndef DM_IMAGE_H
#define DM_IMAGE_H

#include "base/failure.h"
#include "base/file.h"

/* One input, fit to be sent. */
struct image {
    const dm_input *input;
    struct file file;         /* DM_SOURCE_FILE: open */
    size_t base64_characters; /* DM_SOURCE_BASE64: without white space */
    size_t base64_padding;    /* DM_SOURCE_BASE64: that is missing */
};

/* Checks the index-th input. If it is a file it is open afterwards, and the caller's to close. */
bool image_open(struct image *image, const dm_input *input, size_t index, struct failure *failure);

#endif

/* Checks of files and memory to upload, with error messages that images and model files share. */
#ifndef DM_UPLOAD_H
#define DM_UPLOAD_H

#include "base/failure.h"
#include "base/file.h"

/* Wording for error messages. */
struct upload_words {
    const char *what;      /* the argument, such as "inputs[3]" */
    const char *content;   /* such as "the image" */
    const char *file;      /* such as "an image file" */
    const char *in_memory; /* what to do for a pipe, such as "use dm_image_bytes" */
};

bool upload_check_path(struct failure *failure, const struct upload_words *words, const char *path);

bool upload_check_memory(struct failure *failure, const struct upload_words *words, const void *bytes, size_t size);

/* Opens a file. The caller closes it. */
bool upload_open(struct failure *failure, const struct upload_words *words, const char *path, struct file *opened);

#endif

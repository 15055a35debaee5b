/* Whole files in memory. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *data; /* the caller frees it */
    size_t size;
};

/* Like file_read, but without a message. False: errno says why. */
bool file_load(const char *name, struct bytes *bytes);

/* Reads a file, or standard input for "-". The data ends with a NUL that `size` does not count. False: a message was
 * written, and *bytes is empty. */
bool file_read(const char *name, struct bytes *bytes);

/* The name for messages: "standard input" for "-". */
const char *file_display_name(const char *name);

#endif

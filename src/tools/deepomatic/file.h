/* Whole files in memory. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    char *data; /* the caller frees it */
    size_t size;
};

/* Reads a file, or standard input for "-". A NUL that `size` does not count follows the data. False: a message has been
 * written, and *bytes is empty. */
bool file_read(const char *name, struct bytes *bytes);

#endif

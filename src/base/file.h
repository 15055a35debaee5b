/* Regular files that are read from their start to their end, perhaps more than once. */
#ifndef DM_FILE_H
#define DM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct file {
    const char *path; /* the caller's own text */
    int descriptor;
    size_t size;
    struct timespec changed;
};

enum file_fault {
    FILE_FINE,
    FILE_SYSTEM_ERROR, /* errno says which */
    FILE_DIRECTORY,
    FILE_NOT_REGULAR,
    FILE_EMPTY,
    FILE_TOO_LARGE /* for a size_t */
};

/* Opens a regular file that is not empty, for reading. */
enum file_fault file_open(const char *path, struct file *opened);

/* Finds out whether there is something to read at a path: a file of any kind, but no directory. */
enum file_fault file_probe(const char *path);

/* What is wrong, in words. `number` is the errno of a FILE_SYSTEM_ERROR. Static text. */
const char *file_fault_text(enum file_fault fault, int number);

/* True if the file has the size and the time of its last change that it had when it was opened. */
bool file_is_unchanged(const struct file *file);

/* Reads at an offset, and tries again when a signal interrupts that. As pread. */
ssize_t file_read(const struct file *file, size_t offset, char *buffer, size_t size);

void file_close(struct file *file);

#endif

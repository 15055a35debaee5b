/* Regular files that are read from start to end, possibly several times. */
#ifndef DM_FILE_H
#define DM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

struct file {
    const char *path; /* belongs to the caller */
    int descriptor;
    size_t size;
    struct timespec changed;
};

enum file_fault {
    FILE_FINE,
    FILE_SYSTEM_ERROR, /* see errno */
    FILE_DIRECTORY,
    FILE_NOT_REGULAR,
    FILE_EMPTY,
    FILE_TOO_LARGE /* for a size_t */
};

/* Opens a regular file for reading. An empty file is a fault. */
enum file_fault file_open(const char *path, struct file *opened);

/* Checks that a path can be opened for reading and is not a directory. */
enum file_fault file_probe(const char *path);

/* Describes a fault. `number` is the errno of a FILE_SYSTEM_ERROR. The text remains valid as that
 * of line_system_error. */
const char *file_fault_text(enum file_fault fault, int number);

/* Returns true if the file still has the size and the modification time that it had when it was opened. */
bool file_is_unchanged(const struct file *file);

/* Like pread, but continues if a signal interrupts it. */
ssize_t file_read(const struct file *file, size_t offset, char *buffer, size_t size);

void file_close(struct file *file);

#endif

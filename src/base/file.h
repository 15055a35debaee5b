/* Files of the caller's. */
#ifndef DM_FILE_H
#define DM_FILE_H

#include <deepomatic.h>

#include <time.h>

struct file {
    const char *path; /* the caller's own text */
    int descriptor;
    size_t size;
    struct timespec changed;
};

/* Opens a regular file that is not empty, for reading. `what` names the argument in the error. */
dm_status file_open(dm_error *error, const char *what, const char *path, struct file *opened);

/* Makes sure that there is something to read. DM_ERR_INVALID_ARGUMENT if not, DM_ERR_SYSTEM or DM_ERR_NO_MEMORY if that
 * cannot be found out. */
dm_status file_check(dm_error *error, const char *what, const char *path);

#endif

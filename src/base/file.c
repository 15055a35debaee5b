#include "base/file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static dm_status fail(dm_error *error, const char *what, const char *path, const char *why)
{
    return error_set(error, DM_ERR_FILE, "%s: \"%s\": %s", what, path, why);
}

static const char *unfit(const struct stat *found)
{
    if (S_ISDIR(found->st_mode))
        return "it is a directory, not an image file";
    if (!S_ISREG(found->st_mode))
        return "it is not a regular file; read it, and use dm_image_bytes";
    if (found->st_size == 0)
        return "the image is empty";
    return (uintmax_t)found->st_size > SIZE_MAX ? "it is too large for this machine" : NULL;
}

/* Not blocking, for opening a pipe would wait for its other end. */
static int open_to_read(const char *path)
{
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

dm_status file_open(dm_error *error, const char *what, const char *path, struct file *opened)
{
    struct stat found;
    const char *why = NULL;

    const int descriptor = open_to_read(path);
    if (descriptor < 0)
        return fail(error, what, path, error_system_text(errno));
    why = fstat(descriptor, &found) != 0 ? error_system_text(errno) : unfit(&found);
    if (why != NULL) {
        close(descriptor);
        return fail(error, what, path, why);
    }
    *opened =
        (struct file){.path = path, .descriptor = descriptor, .size = (size_t)found.st_size, .changed = found.st_mtim};
    return DM_OK;
}

/* What the process is short of is not the file's fault. */
static dm_status status_of_error(int number)
{
    if (number == EMFILE || number == ENFILE)
        return DM_ERR_SYSTEM;
    return number == ENOMEM ? DM_ERR_NO_MEMORY : DM_ERR_INVALID_ARGUMENT;
}

dm_status file_check(dm_error *error, const char *what, const char *path)
{
    struct stat found;
    const int descriptor = open_to_read(path);
    if (descriptor < 0)
        return error_set(error, status_of_error(errno), "%s: \"%s\": %s", what, path, error_system_text(errno));
    const bool is_folder = fstat(descriptor, &found) == 0 && S_ISDIR(found.st_mode);
    close(descriptor);
    if (!is_folder)
        return DM_OK;
    return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s: \"%s\": it is a directory", what, path);
}

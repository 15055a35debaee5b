#include "base/file.h"

#include "base/line.h"
#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

static enum file_fault find_fault(const struct stat *found)
{
    if (S_ISDIR(found->st_mode))
        return FILE_DIRECTORY;
    if (!S_ISREG(found->st_mode))
        return FILE_NOT_REGULAR;
    if (found->st_size == 0)
        return FILE_EMPTY;
    return (uintmax_t)found->st_size > SIZE_MAX ? FILE_TOO_LARGE : FILE_FINE;
}

static void close_quietly(int descriptor)
{
    const int saved_errno = errno;
    close(descriptor);
    errno = saved_errno;
}

/* O_NONBLOCK, because opening a FIFO would otherwise wait for its other end. */
enum file_fault file_open(const char *path, struct file *opened)
{
    struct stat found;

    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (descriptor < 0)
        return FILE_SYSTEM_ERROR;
    const enum file_fault fault = fstat(descriptor, &found) != 0 ? FILE_SYSTEM_ERROR : find_fault(&found);
    if (fault != FILE_FINE) {
        close_quietly(descriptor);
        return fault;
    }
    *opened = (struct file){
        .path = path, .descriptor = descriptor, .size = (size_t)found.st_size, .changed = system_modified(&found)};
    return FILE_FINE;
}

enum file_fault file_probe(const char *path)
{
    struct file opened;
    const enum file_fault fault = file_open(path, &opened);
    if (fault == FILE_FINE)
        file_close(&opened);
    return fault == FILE_SYSTEM_ERROR || fault == FILE_DIRECTORY ? fault : FILE_FINE;
}

const char *file_fault_text(enum file_fault fault, int number)
{
    switch (fault) {
    case FILE_SYSTEM_ERROR:
        return line_system_error(number);
    case FILE_DIRECTORY:
        return "it is a directory";
    case FILE_NOT_REGULAR:
        return "it is not a regular file";
    case FILE_EMPTY:
        return "it is empty";
    default:
        return "it is too large for this machine";
    }
}

bool file_is_unchanged(const struct file *file)
{
    struct stat now;
    if (fstat(file->descriptor, &now) != 0)
        return false;
    const struct timespec changed = system_modified(&now);
    return (size_t)now.st_size == file->size && changed.tv_sec == file->changed.tv_sec &&
           changed.tv_nsec == file->changed.tv_nsec;
}

ssize_t file_read(const struct file *file, size_t offset, char *buffer, size_t size)
{
    ssize_t count = -1;
    do
        count = pread(file->descriptor, buffer, size, (off_t)offset);
    while (count < 0 && errno == EINTR);
    return count;
}

void file_close(struct file *file)
{
    close(file->descriptor);
}

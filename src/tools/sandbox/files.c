#include "files.h"

#include "memory.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *content_type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    if (dot != NULL && (strcmp(dot, ".jpg") == 0 || strcmp(dot, ".jpeg") == 0))
        return "image/jpeg";
    if (dot != NULL && strcmp(dot, ".png") == 0)
        return "image/png";
    return "application/octet-stream";
}

/* O_NONBLOCK: opening a FIFO must not block. */
static int open_regular(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;

    if (file >= 0 && (fstat(file, &status) != 0 || !S_ISREG(status.st_mode))) {
        close(file);
        return -1;
    }
    return file;
}

static void read_all(int file, struct buffer *content)
{
    char chunk[64 * 1024];
    ssize_t size;

    while ((size = read(file, chunk, sizeof chunk)) > 0)
        buffer_append(content, chunk, (size_t)size, SIZE_MAX);
}

void file_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const char *folder = sandbox->options.files;
    char *path = memory_format("%s/%.*s", folder != NULL ? folder : "", (int)request->name.size, request->name.data);
    int file = folder != NULL && request->name.data[0] != '.' ? open_regular(path) : -1;

    if (file >= 0) {
        reply->status = 200;
        reply->content_type = content_type_of(path);
        read_all(file, &reply->body);
        close(file);
    } else {
        reply_not_found(reply);
    }
    free(path);
}

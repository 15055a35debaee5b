#include "file.h"
#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes room for more bytes and a NUL. False: errno is ENOMEM. */
static bool grow(struct bytes *bytes, size_t *capacity)
{
    size_t larger = *capacity == 0 ? 65536 : *capacity * 2;
    char *data = larger > *capacity ? realloc(bytes->data, larger) : NULL;

    if (data == NULL) {
        errno = ENOMEM;
        return false;
    }
    bytes->data = data;
    *capacity = larger;
    return true;
}

/* For poll: what is left of `timeout_ms`; 0: no limit. */
static int milliseconds_left(int64_t timeout_ms, int64_t started_ms)
{
    const int64_t left_ms = timeout_ms - (clock_now_ms() - started_ms);

    if (timeout_ms == 0)
        return -1;
    if (left_ms <= 0)
        return 0;
    return left_ms < INT_MAX ? (int)left_ms : INT_MAX;
}

/* Returns when there is something to read, or the end of a pipe; also if the program that opened standard input made it
 * non-blocking. False: errno says why. */
static bool await_bytes(int descriptor, int64_t timeout_ms, int64_t started_ms)
{
    struct pollfd input = {.fd = descriptor, .events = POLLIN};
    const int ready = poll(&input, 1, milliseconds_left(timeout_ms, started_ms));

    if (ready == 0)
        errno = ETIMEDOUT;
    return ready > 0;
}

/* False: errno is set. */
static bool read_all(int descriptor, int64_t timeout_ms, struct bytes *bytes)
{
    const int64_t started_ms = clock_now_ms();
    size_t capacity = 0;
    ssize_t count;

    do {
        if (bytes->size + 1 >= capacity && !grow(bytes, &capacity))
            return false;
        if (!await_bytes(descriptor, timeout_ms, started_ms))
            return false;
        count = read(descriptor, bytes->data + bytes->size, capacity - 1 - bytes->size);
        bytes->size += count > 0 ? (size_t)count : 0;
    } while (count > 0);
    bytes->data[bytes->size] = '\0';
    return count == 0;
}

/* Opening a FIFO waits for its writer, except with O_NONBLOCK. */
static int open_file(const char *name, int64_t timeout_ms)
{
    if (strcmp(name, "-") == 0)
        return STDIN_FILENO;
    return open(name, O_RDONLY | O_CLOEXEC | (timeout_ms > 0 ? O_NONBLOCK : 0));
}

const char *file_reason(int error_number)
{
    return error_number == EINTR ? "cancelled" : strerror(error_number);
}

const char *file_display_name(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

bool file_load(const char *name, int64_t timeout_ms, struct bytes *bytes)
{
    const int descriptor = open_file(name, timeout_ms);

    *bytes = (struct bytes){0};
    const bool complete = descriptor >= 0 && read_all(descriptor, timeout_ms, bytes);
    const int error_number = errno;
    if (!complete) {
        free(bytes->data);
        *bytes = (struct bytes){0};
    }
    if (descriptor > STDIN_FILENO)
        close(descriptor);
    errno = error_number;
    return complete;
}

#include "name_reader.h"
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t longest_name = 65536;

bool name_reader_open(struct name_reader *reader, const char *file, bool null)
{
    const bool from_input = strcmp(file, "-") == 0;

    *reader = (struct name_reader){.separator = null ? '\0' : '\n', .may_have_mark = !null};
    reader->descriptor = from_input ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    return reader->descriptor >= 0;
}

/* Where the next name ends; NULL while its end has not been read. */
static char *find_end(const struct name_reader *reader)
{
    const size_t length = reader->end - reader->start;
    char *found = length > 0 ? memchr(reader->bytes + reader->start, reader->separator, length) : NULL;

    if (found == NULL && reader->at_end && length > 0)
        found = reader->bytes + reader->end;
    return found;
}

static void make_room(struct name_reader *reader)
{
    if (reader->start > 0)
        memmove(reader->bytes, reader->bytes + reader->start, reader->end - reader->start);
    reader->end -= reader->start;
    reader->start = 0;
    if (reader->end == reader->capacity) {
        reader->capacity = 2 * reader->capacity + 4096;
        reader->bytes = memory_array(reader->bytes, reader->capacity, 1);
    }
}

/* Reads once, if that does not block. */
static enum name_state read_more(struct name_reader *reader)
{
    struct pollfd input = {.fd = reader->descriptor, .events = POLLIN};

    const int ready = poll(&input, 1, 0);
    if (ready == 0 || (ready < 0 && errno == EINTR))
        return NAME_WAIT;
    make_room(reader);
    const ssize_t count = read(reader->descriptor, reader->bytes + reader->end, reader->capacity - reader->end);
    if (count < 0)
        return errno == EINTR || errno == EAGAIN ? NAME_WAIT : NAME_ERROR;
    reader->end += (size_t)count;
    reader->at_end = count == 0;
    return NAME_READY;
}

static enum name_state fail(struct name_reader *reader, int error_number)
{
    reader->at_end = true;
    reader->start = reader->end;
    errno = error_number;
    return NAME_ERROR;
}

/* Takes the name that ends at `end`. */
static enum name_state take(struct name_reader *reader, const char *end, char **name)
{
    const char *start = reader->bytes + reader->start;
    const size_t length = (size_t)(end - start);

    if (length > longest_name || memchr(start, '\0', length) != NULL)
        return fail(reader, EINVAL);
    *name = memory_array(NULL, length + 1, 1);
    memcpy(*name, start, length);
    (*name)[length] = '\0';
    return NAME_READY;
}

/* The line of a list from Windows ends with CR LF. */
static const char *without_carriage_return(const struct name_reader *reader, const char *end)
{
    const bool has_one = reader->separator == '\n' && end > reader->bytes + reader->start && end[-1] == '\r';

    return has_one ? end - 1 : end;
}

static void skip_mark(struct name_reader *reader, const char *end)
{
    const char *start = reader->bytes + reader->start;
    const bool has_mark = reader->may_have_mark && end - start >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0;

    reader->start += has_mark ? 3 : 0;
    reader->may_have_mark = false;
}

static void skip_to(struct name_reader *reader, const char *end)
{
    reader->start = (size_t)(end - reader->bytes);
    reader->start += reader->start < reader->end;
}

enum name_state name_reader_next(struct name_reader *reader, char **name)
{
    enum name_state state = NAME_READY;

    while (state == NAME_READY) {
        const char *end = find_end(reader);
        if (end != NULL)
            skip_mark(reader, end);
        const char *name_end = end != NULL ? without_carriage_return(reader, end) : NULL;
        if (end != NULL && name_end > reader->bytes + reader->start) {
            state = take(reader, name_end, name);
            skip_to(reader, state == NAME_READY ? end : reader->bytes + reader->end);
            return state;
        }
        if (end != NULL)
            skip_to(reader, end);
        else if (reader->at_end)
            state = NAME_END;
        else if (reader->end - reader->start > longest_name)
            state = fail(reader, EINVAL);
        else
            state = read_more(reader);
    }
    return state == NAME_ERROR ? fail(reader, errno) : state;
}

void name_reader_close(struct name_reader *reader)
{
    if (reader->descriptor > STDIN_FILENO)
        close(reader->descriptor);
    free(reader->bytes);
    *reader = (struct name_reader){.descriptor = -1};
}

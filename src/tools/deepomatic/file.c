#include "file.h"
#include "name.h"
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* False: errno is set. */
static bool read_stream(FILE *stream, struct bytes *bytes)
{
    size_t capacity = 0;

    while (!feof(stream)) {
        if (bytes->size + 1 >= capacity && !grow(bytes, &capacity))
            return false;
        bytes->size += fread(bytes->data + bytes->size, 1, capacity - 1 - bytes->size, stream);
        if (ferror(stream))
            return false;
    }
    bytes->data[bytes->size] = '\0';
    return true;
}

const char *file_display_name(const char *name)
{
    return strcmp(name, "-") == 0 ? "standard input" : name;
}

static void report_failure(const char *name, int error_number)
{
    char *quoted = name_quote(file_display_name(name));

    report("%s: %s", quoted, error_number == EINTR ? "cancelled" : strerror(error_number));
    free(quoted);
}

bool file_load(const char *name, struct bytes *bytes)
{
    FILE *stream = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");

    *bytes = (struct bytes){0};
    const bool complete = stream != NULL && read_stream(stream, bytes);
    const int error_number = errno;
    if (!complete) {
        free(bytes->data);
        *bytes = (struct bytes){0};
    }
    if (stream != NULL && stream != stdin)
        fclose(stream);
    errno = error_number;
    return complete;
}

bool file_read(const char *name, struct bytes *bytes)
{
    const bool complete = file_load(name, bytes);

    if (!complete)
        report_failure(name, errno);
    return complete;
}

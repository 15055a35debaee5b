#include "file.h"
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for more bytes and a NUL after them. */
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

/* False: errno says why. */
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

bool file_read(const char *name, struct bytes *bytes)
{
    FILE *stream = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");

    *bytes = (struct bytes){0};
    bool complete = stream != NULL && read_stream(stream, bytes);
    if (!complete) {
        report("%s: %s", name, errno == EINTR ? "cancelled" : strerror(errno));
        free(bytes->data);
        *bytes = (struct bytes){0};
    }
    if (stream != NULL && stream != stdin)
        fclose(stream);
    return complete;
}

/* Runs of bytes: borrowed ones, and a growing buffer that owns its own. */
#ifndef SANDBOX_BYTES_H
#define SANDBOX_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    const char *data; /* NULL: not there at all */
    size_t size;
};

struct bytes bytes_of(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_text(struct bytes a, const char *text);
bool bytes_start_with(struct bytes a, const char *text);

/* What is left of a after its first count bytes. */
struct bytes bytes_after(struct bytes a, size_t count);

/* a without the spaces and tabs at its ends. */
struct bytes bytes_trimmed(struct bytes a);

/* Where needle starts in a, or a.size. */
size_t bytes_find(struct bytes a, struct bytes needle);

/* All zero is an empty buffer. What is in it is followed by a NUL that does not count. */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

/* Appends, growing geometrically; false (and no change) when that would exceed the limit. */
bool buffer_append(struct buffer *buffer, const void *data, size_t size, size_t limit);
struct bytes buffer_bytes(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer);

#endif

/* Byte strings (borrowed) and growing buffers (owned). */
#ifndef SANDBOX_BYTES_H
#define SANDBOX_BYTES_H

#include <stdbool.h>
#include <stddef.h>

struct bytes {
    const char *data; /* NULL: absent */
    size_t size;
};

struct bytes bytes_of(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_equal_text(struct bytes a, const char *text);
bool bytes_start_with(struct bytes a, const char *text);

/* Returns a without its first count bytes. */
struct bytes bytes_after(struct bytes a, size_t count);

/* Returns a without spaces and tabs at its start and end. */
struct bytes bytes_trimmed(struct bytes a);

/* Returns the offset of the first needle in a, or a.size if there is none. */
size_t bytes_find(struct bytes a, struct bytes needle);

/* A zeroed buffer is empty. The bytes are followed by a NUL that size does not include. */
struct buffer {
    char *data;
    size_t size;
    size_t capacity;
};

/* Appends bytes. Returns false and changes nothing if the size would exceed the limit. */
bool buffer_append(struct buffer *buffer, const void *data, size_t size, size_t limit);
struct bytes buffer_bytes(const struct buffer *buffer);
void buffer_clear(struct buffer *buffer);

#endif

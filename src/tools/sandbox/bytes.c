#include "bytes.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

struct bytes bytes_of(const char *text)
{
    return (struct bytes){text, strlen(text)};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool bytes_equal_text(struct bytes a, const char *text)
{
    return bytes_equal(a, bytes_of(text));
}

bool bytes_start_with(struct bytes a, const char *text)
{
    struct bytes start = bytes_of(text);

    return a.size >= start.size && (start.size == 0 || memcmp(a.data, text, start.size) == 0);
}

struct bytes bytes_after(struct bytes a, size_t count)
{
    return (struct bytes){a.data + count, a.size - count};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct bytes bytes_trimmed(struct bytes a)
{
    while (a.size > 0 && is_blank(a.data[0]))
        a = bytes_after(a, 1);
    while (a.size > 0 && is_blank(a.data[a.size - 1]))
        a.size--;
    return a;
}

size_t bytes_find(struct bytes a, struct bytes needle)
{
    const char *found = a.size > 0 ? memmem(a.data, a.size, needle.data, needle.size) : NULL;

    return found != NULL ? (size_t)(found - a.data) : a.size;
}

bool buffer_append(struct buffer *buffer, const void *data, size_t size, size_t limit)
{
    enum { SMALLEST = 4096 };

    if (size > limit || buffer->size > limit - size)
        return false;
    if (buffer->size + size >= buffer->capacity) {
        size_t needed = buffer->size + size + 1;
        size_t doubled = buffer->capacity > 0 ? buffer->capacity * 2 : SMALLEST;

        buffer->capacity = needed > doubled ? needed : doubled;
        buffer->data = memory_resize(buffer->data, buffer->capacity, 1);
    }
    if (size > 0)
        memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
    return true;
}

struct bytes buffer_bytes(const struct buffer *buffer)
{
    return (struct bytes){buffer->data, buffer->size};
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

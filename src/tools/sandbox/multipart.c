#include "multipart.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_BOUNDARY = 70 };

/* Splits a at the first occurrence of separator: gives what is before it and leaves in a what is behind it. */
static struct bytes take_until(struct bytes *a, const char *separator)
{
    struct bytes head = {a->data, bytes_find(*a, bytes_of(separator))};
    size_t taken = head.size < a->size ? head.size + strlen(separator) : a->size;

    *a = bytes_after(*a, taken);
    return head;
}

/* The size of a quoted string's inside; *text starts behind the opening quote. */
static size_t quoted_size(struct bytes text)
{
    size_t size = 0;

    while (size < text.size && text.data[size] != '"')
        size += text.data[size] == '\\' && size + 1 < text.size ? 2 : 1;
    return size;
}

/* Takes the value of a parameter, quoted or not, and the semicolon behind it. */
static struct bytes take_value(struct bytes *text)
{
    struct bytes value;

    if (!bytes_start_with(*text, "\""))
        return bytes_trimmed(take_until(text, ";"));
    *text = bytes_after(*text, 1);
    value = (struct bytes){text->data, quoted_size(*text)};
    *text = bytes_after(*text, value.size);
    take_until(text, ";");
    return value;
}

static bool same_word(struct bytes a, const char *word)
{
    return a.size == strlen(word) && strncasecmp(a.data, word, a.size) == 0;
}

/* The value of a parameter in `form-data; name="a"; filename="b"`, or absent. */
static struct bytes parameter(struct bytes header, const char *name)
{
    take_until(&header, ";");
    while (header.size > 0) {
        struct bytes key = bytes_trimmed(take_until(&header, "="));
        struct bytes value = take_value(&header);

        if (same_word(key, name))
            return value;
    }
    return (struct bytes){0};
}

static void read_header(struct bytes line, struct part *part)
{
    struct bytes name = bytes_trimmed(take_until(&line, ":"));
    struct bytes value = bytes_trimmed(line);

    if (same_word(name, "Content-Type"))
        part->content_type = value;
    if (same_word(name, "Content-Disposition")) {
        part->name = parameter(value, "name");
        part->filename = parameter(value, "filename");
    }
}

/* One part, from behind its delimiter's line to before the next delimiter; says what is wrong, or NULL. */
static const char *read_part(struct bytes text, struct part *part)
{
    struct bytes content = text;
    struct bytes head = take_until(&content, "\r\n\r\n");

    if (head.size == text.size)
        return "a part has no end of headers";
    while (head.size > 0)
        read_header(take_until(&head, "\r\n"), part);
    part->content = content;
    return part->name.data == NULL ? "a part has no name" : NULL;
}

static void add_part(struct multipart *multipart, struct part part)
{
    multipart->parts = memory_resize(multipart->parts, multipart->count + 1, sizeof part);
    multipart->parts[multipart->count++] = part;
}

/* delimiter is CR LF, two hyphens and the boundary; body starts behind the first delimiter. */
static const char *read_parts(struct bytes body, struct bytes delimiter, struct multipart *multipart)
{
    while (!bytes_start_with(body, "--")) {
        struct part part = {0};
        size_t size = bytes_find(body, delimiter);
        const char *error;

        if (size == body.size)
            return "the body stops before its last boundary";
        if (!bytes_start_with(body, "\r\n"))
            return "a boundary is not followed by CR LF";
        error = read_part(bytes_after((struct bytes){body.data, size}, 2), &part);
        if (error != NULL)
            return error;
        add_part(multipart, part);
        body = bytes_after(body, size + delimiter.size);
    }
    return NULL;
}

void multipart_parse(const char *content_type, struct bytes body, struct multipart *multipart)
{
    struct bytes boundary = parameter(bytes_of(content_type), "boundary");
    char delimiter[MAX_BOUNDARY + sizeof "\r\n--"] = "\r\n--";

    if (boundary.size == 0 || boundary.size > MAX_BOUNDARY) {
        multipart->error = "invalid boundary";
        return;
    }
    memcpy(delimiter + strlen("\r\n--"), boundary.data, boundary.size);
    if (!bytes_start_with(body, delimiter + strlen("\r\n"))) {
        multipart->error = "the body does not start with its boundary";
        return;
    }
    body = bytes_after(body, strlen(delimiter + strlen("\r\n")));
    multipart->error = read_parts(body, bytes_of(delimiter), multipart);
}

void multipart_clear(struct multipart *multipart)
{
    free(multipart->parts);
    *multipart = (struct multipart){0};
}

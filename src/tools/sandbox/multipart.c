#include "multipart.h"

#include "memory.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Splits a at the first occurrence of separator: returns what is before it and leaves what is after it in a. */
static struct bytes take_until(struct bytes *a, const char *separator)
{
    struct bytes head = {a->data, bytes_find(*a, bytes_of(separator))};
    size_t taken = head.size < a->size ? head.size + strlen(separator) : a->size;

    *a = bytes_after(*a, taken);
    return head;
}

/* The size of a quoted string's inside; *text starts after the opening quote. */
static size_t quoted_size(struct bytes text)
{
    size_t size = 0;

    while (size < text.size && text.data[size] != '"')
        size += text.data[size] == '\\' && size + 1 < text.size ? 2 : 1;
    return size;
}

/* Takes the value of a parameter, quoted or not, and the semicolon after it. */
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

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *found = c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

/* Decodes %XX. A percent sign without two hexadecimal digits stays. */
static void percent_decode(struct bytes text, struct buffer *decoded)
{
    while (text.size > 0) {
        int high = text.size > 2 && text.data[0] == '%' ? hex_digit(text.data[1]) : -1;
        int low = high >= 0 ? hex_digit(text.data[2]) : -1;
        char c = low >= 0 ? (char)(high * 16 + low) : text.data[0];

        buffer_append(decoded, &c, 1, SIZE_MAX);
        text = bytes_after(text, low >= 0 ? 3 : 1);
    }
}

/* filename*=CHARSET'LANGUAGE'NAME (RFC 8187, section 3.2), which wins over filename. The bytes of the name are kept
 * whatever the character set is. */
static void read_extended_filename(struct bytes value, struct part *part)
{
    struct bytes name = value;

    if (value.data == NULL)
        return;
    take_until(&name, "'");
    take_until(&name, "'");
    buffer_clear(&part->decoded_filename);
    percent_decode(name, &part->decoded_filename);
    part->filename = buffer_bytes(&part->decoded_filename);
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
        read_extended_filename(parameter(value, "filename*"), part);
    }
}

void multipart_read_head(struct bytes head, struct part *part)
{
    while (head.size > 0)
        read_header(take_until(&head, "\r\n"), part);
}

/* Reads a part, from the end of its delimiter line to the next delimiter. Returns NULL, or an error message. */
static const char *read_part(struct bytes text, struct part *part)
{
    struct bytes content = text;
    struct bytes head = take_until(&content, "\r\n\r\n");

    if (head.size == text.size)
        return "a part has no end of headers";
    multipart_read_head(head, part);
    part->content = content;
    part->size = content.size;
    return part->name.data == NULL ? "a part has no name" : NULL;
}

struct part *multipart_add_part(struct multipart *multipart)
{
    struct part *part;

    multipart->parts = memory_resize(multipart->parts, multipart->count + 1, sizeof *part);
    part = &multipart->parts[multipart->count++];
    *part = (struct part){0};
    return part;
}

/* Skips the rest of a delimiter's line: blanks (RFC 2046 calls them transport padding), CR and LF. */
static bool skip_line_end(struct bytes *body)
{
    while (bytes_start_with(*body, " ") || bytes_start_with(*body, "\t"))
        *body = bytes_after(*body, 1);
    if (!bytes_start_with(*body, "\r\n"))
        return false;
    *body = bytes_after(*body, strlen("\r\n"));
    return true;
}

/* Reads the parts. delimiter is CR LF, two hyphens and the boundary; body starts after the first delimiter. */
static const char *read_parts(struct bytes body, struct bytes delimiter, struct multipart *multipart)
{
    while (!bytes_start_with(body, "--")) {
        size_t size;
        const char *error;

        if (!skip_line_end(&body))
            return "a boundary is not followed by CR LF";
        size = bytes_find(body, delimiter);
        if (size == body.size)
            return "the body stops before its last boundary";
        error = read_part((struct bytes){body.data, size}, multipart_add_part(multipart));
        if (error != NULL)
            return error;
        body = bytes_after(body, size + delimiter.size);
    }
    return NULL;
}

/* Skips the preamble and the first delimiter, whose CR LF is missing if it is the body's first line. */
static bool skip_preamble(struct bytes *body, struct bytes delimiter)
{
    struct bytes first_line = bytes_after(delimiter, strlen("\r\n"));
    size_t preamble = bytes_find(*body, delimiter);

    if (bytes_start_with(*body, first_line.data)) {
        *body = bytes_after(*body, first_line.size);
        return true;
    }
    if (preamble == body->size)
        return false;
    *body = bytes_after(*body, preamble + delimiter.size);
    return true;
}

bool multipart_delimiter(const char *content_type, char delimiter[MULTIPART_DELIMITER_SIZE])
{
    struct bytes boundary = parameter(bytes_of(content_type), "boundary");
    bool valid = boundary.size > 0 && strlen("\r\n--") + boundary.size < MULTIPART_DELIMITER_SIZE;

    if (valid)
        snprintf(delimiter, MULTIPART_DELIMITER_SIZE, "\r\n--%.*s", (int)boundary.size, boundary.data);
    return valid;
}

void multipart_parse(const char *content_type, struct bytes body, struct multipart *multipart)
{
    char delimiter[MULTIPART_DELIMITER_SIZE];

    if (!multipart_delimiter(content_type, delimiter))
        multipart->error = "invalid boundary";
    else if (skip_preamble(&body, bytes_of(delimiter)))
        multipart->error = read_parts(body, bytes_of(delimiter), multipart);
    else
        multipart->error = "the boundary is missing";
}

void multipart_clear(struct multipart *multipart)
{
    for (size_t i = 0; i < multipart->count; i++) {
        buffer_clear(&multipart->parts[i].decoded_filename);
        buffer_clear(&multipart->parts[i].head);
        buffer_clear(&multipart->parts[i].kept);
    }
    free(multipart->parts);
    *multipart = (struct multipart){0};
}

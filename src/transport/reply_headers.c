#include "transport/reply_headers.h"

#include <string.h>
#include <strings.h>

enum { MAX_LOCATION = 64 * 1024 };

/* The value of a header line, without surrounding white space. */
struct value {
    const char *start; /* NULL: the line is another header */
    size_t length;
};

void reply_headers_clear(struct reply_headers *headers)
{
    struct text location = headers->location;
    location.limit = MAX_LOCATION;
    text_clear(&location);
    *headers = (struct reply_headers){.location = location};
}

void reply_headers_free(struct reply_headers *headers)
{
    text_free(&headers->location);
}

static bool is_blank(char character)
{
    return character != '\0' && strchr(" \t\r\n", character) != NULL;
}

static struct value find_value(const char *line, size_t length, const char *name)
{
    const size_t name_length = strlen(name);
    const char *start = line + name_length;
    const char *end = line + length;
    if (length < name_length || strncasecmp(line, name, name_length) != 0)
        return (struct value){NULL, 0};
    while (start < end && is_blank(*start))
        start++;
    while (end > start && is_blank(end[-1]))
        end--;
    return (struct value){start, (size_t)(end - start)};
}

static void take_short(char copy[MAX_SHORT_VALUE], struct value value)
{
    if (value.start == NULL || copy[0] != '\0' || value.length >= MAX_SHORT_VALUE)
        return;
    memcpy(copy, value.start, value.length);
    copy[value.length] = '\0';
}

/* ---- Encodings ---- */

/* The ones that we can decode come first. */
static const char compressions[][sizeof "x-compress"] = {"gzip", "x-gzip",   "deflate",   "br",
                                                         "zstd", "compress", "x-compress"};

enum { DEFLATED_COUNT = 3, COMPRESSION_COUNT = sizeof compressions / sizeof compressions[0] };

static bool is_one_of_first(size_t count, const char *coding, size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (length == strlen(compressions[i]) && strncasecmp(coding, compressions[i], length) == 0)
            return true;
    return false;
}

/* Counts how often a list names one of the first `count` compressions. */
static int count_compressions(struct value list, size_t count)
{
    int found = 0;
    if (list.start == NULL)
        return found;
    const char *end = list.start + list.length;
    for (const char *at = list.start; at < end; at++) {
        const char *start = at;
        while (at < end && *at != ',' && !is_blank(*at))
            at++;
        found += is_one_of_first(count, start, (size_t)(at - start));
    }
    return found;
}

void reply_headers_take(struct reply_headers *headers, const char *line, size_t length)
{
    const struct value content = find_value(line, length, "Content-Encoding:");
    const struct value transfer = find_value(line, length, "Transfer-Encoding:");
    const struct value location = find_value(line, length, "Location:");

    take_short(headers->retry_after, find_value(line, length, "Retry-After:"));
    take_short(headers->date, find_value(line, length, "Date:"));
    if (location.start != NULL && headers->location.length == 0)
        text_append(&headers->location, location.start, location.length);
    headers->compressions +=
        count_compressions(content, COMPRESSION_COUNT) + count_compressions(transfer, COMPRESSION_COUNT);
    headers->is_deflated |= count_compressions(content, DEFLATED_COUNT) > 0;
    headers->is_framed |= transfer.start != NULL || find_value(line, length, "Content-Length:").start != NULL;
}

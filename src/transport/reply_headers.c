#include "transport/reply_headers.h"

#include <string.h>
#include <strings.h>

enum { MAX_LOCATION = 64 * 1024 };

void reply_headers_clear(struct reply_headers *headers)
{
    headers->retry_after[0] = '\0';
    headers->date[0] = '\0';
    headers->location.limit = MAX_LOCATION;
    text_clear(&headers->location);
}

void reply_headers_free(struct reply_headers *headers)
{
    text_free(&headers->location);
}

static bool is_blank(char character)
{
    return character != '\0' && strchr(" \t\r\n", character) != NULL;
}

/* Returns the value of a header line, without surrounding white space; NULL if the line has another name. */
static const char *find_value(const char *line, size_t length, const char *name, size_t *value_length)
{
    const size_t name_length = strlen(name);
    const char *end = line + length;
    const char *value = line + name_length;
    if (length < name_length || strncasecmp(line, name, name_length) != 0)
        return NULL;
    while (value < end && is_blank(*value))
        value++;
    while (end > value && is_blank(end[-1]))
        end--;
    *value_length = (size_t)(end - value);
    return value;
}

static void take_short(char copy[MAX_SHORT_VALUE], const char *line, size_t length, const char *name)
{
    size_t value_length = 0;
    const char *value = find_value(line, length, name, &value_length);
    if (value == NULL || copy[0] != '\0' || value_length >= MAX_SHORT_VALUE)
        return;
    memcpy(copy, value, value_length);
    copy[value_length] = '\0';
}

static void take_location(struct text *location, const char *line, size_t length)
{
    size_t value_length = 0;
    const char *value = find_value(line, length, "Location:", &value_length);
    if (value != NULL && location->length == 0)
        text_append(location, value, value_length);
}

void reply_headers_take(struct reply_headers *headers, const char *line, size_t length)
{
    take_short(headers->retry_after, line, length, "Retry-After:");
    take_short(headers->date, line, length, "Date:");
    take_location(&headers->location, line, length);
}

#include "name.h"
#include "base64.h"
#include "memory.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns true if the next character is shown as itself. Moves *name past it. */
static bool take_plain(const char **name)
{
    const char *start = *name;
    const struct shown shown = text_next(name);
    const size_t length = (size_t)(*name - start);

    return strlen(shown.text) == length && memcmp(shown.text, start, length) == 0;
}

/* An empty name would not be seen, and a name that looks quoted could be mistaken for another one. */
static bool needs_quotes(const char *name)
{
    if (name[0] == '\0' || strncmp(name, "$'", 2) == 0)
        return true;
    while (*name != '\0')
        if (!take_plain(&name))
            return true;
    return false;
}

/* Appends one character, which ends before `end`. */
static char *quote_character(char *quoted, const char *character, const char *end, bool plain)
{
    if (plain && (*character == '\'' || *character == '\\'))
        *quoted++ = '\\';
    for (; character < end; character++) {
        if (plain)
            *quoted++ = *character;
        else
            quoted += sprintf(quoted, "\\%03o", (unsigned char)*character);
    }
    return quoted;
}

char *name_quote(const char *name)
{
    if (!needs_quotes(name))
        return memory_text(name);
    char *quoted = memory_array(NULL, strlen(name) + 1, 4);
    char *end = quoted;
    *end++ = '$';
    *end++ = '\'';
    while (*name != '\0') {
        const char *character = name;
        const bool plain = take_plain(&name);
        end = quote_character(end, character, name, plain);
    }
    *end++ = '\'';
    *end = '\0';
    return quoted;
}

/* Reads one byte of a quoted name, and moves *quoted past it. */
static char unquote_byte(const char **quoted)
{
    const char *escape = *quoted;

    if (escape[0] != '\\' || escape[1] == '\0') {
        *quoted += 1;
        return escape[0];
    }
    if (strspn(escape + 1, "01234567") < 3) {
        *quoted += 2;
        return escape[1];
    }
    *quoted += 4;
    return (char)((escape[1] - '0') << 6 | (escape[2] - '0') << 3 | (escape[3] - '0'));
}

char *name_unquote(const char *quoted)
{
    char *name = memory_text(quoted);
    char *end = name;
    const size_t length = strlen(quoted);

    if (strncmp(quoted, "$'", 2) != 0 || length < 3 || quoted[length - 1] != '\'')
        return name;
    for (const char *next = quoted + 2; next < quoted + length - 1;)
        *end++ = unquote_byte(&next);
    *end = '\0';
    return name;
}

void name_put_json(struct json *json, const char *name)
{
    json_string(json, "image", name);
    if (text_is_utf8(name))
        return;
    struct bytes encoded = {memory_text(name), strlen(name)};
    if (!base64_encode(&encoded))
        memory_exhausted();
    json_string(json, "image_name_base64", encoded.data);
    free(encoded.data);
}

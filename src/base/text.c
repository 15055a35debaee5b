#include "base/text.h"

#include "base/ascii.h"
#include "base/c_locale.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_CAPACITY = 256, MAX_NUMBER = 32 };

void text_init(struct text *text, size_t limit)
{
    *text = (struct text){.limit = limit};
}

void text_free(struct text *text)
{
    free(text->data);
    text_init(text, text->limit);
}

void text_clear(struct text *text)
{
    text->status = DM_OK;
    text_cut(text, 0);
}

void text_cut(struct text *text, size_t length)
{
    if (text->data == NULL || length > text->length)
        return;
    text->length = length;
    text->data[length] = '\0';
}

static bool set_capacity(struct text *text, size_t capacity)
{
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
        text->status = DM_ERR_NO_MEMORY;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

/* Makes room for `size` more bytes and the final NUL. */
static bool make_room(struct text *text, size_t size)
{
    if (text->status != DM_OK)
        return false;
    if (size > text->limit - text->length) {
        text->status = DM_ERR_TOO_LARGE;
        return false;
    }
    const size_t needed = text->length + size + 1;
    if (needed <= text->capacity)
        return true;

    size_t capacity = text->capacity > SIZE_MAX / 2 ? needed : text->capacity * 2;
    if (capacity < needed)
        capacity = needed;
    if (capacity < SMALLEST_CAPACITY)
        capacity = SMALLEST_CAPACITY;
    return set_capacity(text, capacity);
}

void text_reserve(struct text *text, size_t size)
{
    if (text->status != DM_OK || size < text->capacity || size > text->limit)
        return;
    if (set_capacity(text, size + 1))
        text->data[text->length] = '\0';
}

void text_append(struct text *text, const void *bytes, size_t size)
{
    if (!make_room(text, size))
        return;
    if (size > 0)
        memcpy(text->data + text->length, bytes, size);
    text->length += size;
    text->data[text->length] = '\0';
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

void text_append_integer(struct text *text, int64_t integer)
{
    char digits[MAX_NUMBER];
    const int length = snprintf(digits, sizeof digits, "%" PRId64, integer);
    text_append(text, digits, (size_t)length);
}

/* 15 digits give the shortest text, and 17 always read back as the same number. Use the fewest that do. */
void text_append_number(struct text *text, double number)
{
    char digits[MAX_NUMBER];
    locale_t c_locale;
    locale_t previous;

    if (!c_locale_enter(&c_locale, &previous)) {
        text->status = DM_ERR_NO_MEMORY;
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        const double back = strtod(digits, NULL);
        if (back == number)
            break;
    }
    c_locale_leave(c_locale, previous);
    text_append_string(text, digits);
}

static void append_json_character(struct text *text, unsigned char character)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    char escape[8];

    for (size_t i = 0; i + 1 < sizeof short_escapes; i += 2) {
        if ((unsigned char)short_escapes[i] == character) {
            const char pair[2] = {'\\', short_escapes[i + 1]};
            text_append(text, pair, sizeof pair);
            return;
        }
    }
    snprintf(escape, sizeof escape, "\\u%04x", (unsigned)character);
    text_append_string(text, escape);
}

static bool is_json_plain(unsigned char character)
{
    return character >= 0x20 && character != '"' && character != '\\' && character != 0x7f;
}

void text_append_json_string(struct text *text, const char *string)
{
    text_append(text, "\"", 1);
    while (*string != '\0') {
        size_t plain = 0;
        while (string[plain] != '\0' && is_json_plain((unsigned char)string[plain]))
            plain++;
        text_append(text, string, plain);
        string += plain;
        if (*string != '\0')
            append_json_character(text, (unsigned char)*string++);
    }
    text_append(text, "\"", 1);
}

static bool is_url_unreserved(char character)
{
    return ascii_is_alphanumeric(character) || (character != '\0' && strchr("-._~", character) != NULL);
}

static void append_encoded(struct text *text, char character)
{
    char encoded[4];
    snprintf(encoded, sizeof encoded, "%%%02X", (unsigned)(unsigned char)character);
    text_append(text, encoded, 3);
}

void text_append_url_segment(struct text *text, const char *string)
{
    for (; *string != '\0'; string++) {
        if (is_url_unreserved(*string))
            text_append(text, string, 1);
        else
            append_encoded(text, *string);
    }
}

void text_append_url_query(struct text *text, const char *query, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (query[i] > 0x20 && query[i] < 0x7f)
            text_append(text, &query[i], 1);
        else
            append_encoded(text, query[i]);
    }
}

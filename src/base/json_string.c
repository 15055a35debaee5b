#include "base/json_string.h"

#include "base/ascii.h"

#include <string.h>

enum { MAX_COMPARED = 256 };

static int hex_digit(char character)
{
    if (ascii_is_digit(character))
        return character - '0';
    if (character >= 'a' && character <= 'f')
        return character - 'a' + 10;
    return character >= 'A' && character <= 'F' ? character - 'A' + 10 : -1;
}

/* Returns the UTF-16 code unit of four hexadecimal digits, or -1. */
static int read_unit(const char *digits)
{
    int unit = 0;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_digit(digits[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

static bool is_surrogate(int unit)
{
    return unit >= 0xd800 && unit <= 0xdfff;
}

/* Returns the low surrogate whose backslash `escape` points to, or -1. */
static int read_low_surrogate(const char *escape)
{
    const int unit = escape[0] == '\\' && escape[1] == 'u' ? read_unit(escape + 2) : -1;
    return unit >= 0xdc00 && unit <= 0xdfff ? unit : -1;
}

static const char *pass_unicode(const char **position)
{
    const int unit = read_unit(*position);
    if (unit < 0)
        return "\\u is not followed by four hexadecimal digits";
    if (unit == 0)
        return "a string holds the character NUL";
    if (is_surrogate(unit) && (unit > 0xdbff || read_low_surrogate(*position + 4) < 0))
        return "a string has an unpaired surrogate";
    *position += is_surrogate(unit) ? 10 : 4;
    return NULL;
}

const char *json_escape_pass(const char **position)
{
    const char kind = *++*position;
    if (kind == '\0' || strchr("\"\\/bfnrtu", kind) == NULL)
        return "a string has an unknown escape";
    ++*position;
    return kind == 'u' ? pass_unicode(position) : NULL;
}

/* ---- Unescaping in place: a character is never longer than its escape ---- */

static char short_escape(char kind)
{
    switch (kind) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return kind;
    }
}

static char *write_continuation(char *output, long point, int shift)
{
    *output = (char)(0x80 | ((point >> shift) & 0x3f));
    return output + 1;
}

static char *write_utf8(char *output, long point)
{
    if (point < 0x80) {
        *output++ = (char)point;
        return output;
    }
    if (point < 0x800) {
        *output++ = (char)(0xc0 | (point >> 6));
        return write_continuation(output, point, 0);
    }
    if (point < 0x10000) {
        *output++ = (char)(0xe0 | (point >> 12));
    } else {
        *output++ = (char)(0xf0 | (point >> 18));
        output = write_continuation(output, point, 12);
    }
    output = write_continuation(output, point, 6);
    return write_continuation(output, point, 0);
}

static const char *unescape_unicode(const char *digits, char **output)
{
    long point = read_unit(digits);
    digits += 4;
    if (is_surrogate((int)point)) {
        point = 0x10000 + ((point - 0xd800) << 10) + (read_low_surrogate(digits) - 0xdc00);
        digits += 6;
    }
    *output = write_utf8(*output, point);
    return digits;
}

void json_unescape(char *string)
{
    const char *input = string;
    char *output = string;
    while (*input != '\0') {
        if (*input != '\\') {
            *output++ = *input++;
        } else if (input[1] == 'u') {
            input = unescape_unicode(input + 2, &output);
        } else {
            *output++ = short_escape(input[1]);
            input += 2;
        }
    }
    *output = '\0';
}

void json_string_copy(const struct json_string *string, char *copy, size_t size)
{
    const size_t length = string->length < size ? string->length : 0;
    memcpy(copy, string->start, length);
    copy[length] = '\0';
    if (string->has_escapes)
        json_unescape(copy);
}

bool json_string_is(const struct json_string *string, const char *wanted)
{
    char copy[MAX_COMPARED];
    json_string_copy(string, copy, sizeof copy);
    return strcmp(copy, wanted) == 0;
}

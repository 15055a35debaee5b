#include "json_strict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBER = 512 };

/* Returns the end of the string that starts at c, or NULL if it contains a control character. */
static const char *skip_string(const char *c, const char *end)
{
    for (c++; c < end && *c != '"'; c++) {
        if ((unsigned char)*c < 0x20)
            return NULL;
        if (*c == '\\' && c + 1 < end)
            c++;
    }
    return c < end ? c + 1 : end;
}

/* Returns the end of the digits at c, or NULL if there are none. */
static const char *skip_digits(const char *c)
{
    const char *end = c;

    while (*end >= '0' && *end <= '9')
        end++;
    return end > c ? end : NULL;
}

/* Returns the end of the number that starts at c, or NULL if it is invalid.
 * *is_integer: it has neither fraction nor exponent. */
static const char *skip_number(const char *c, bool *is_integer)
{
    c += *c == '-' ? 1 : 0;
    c = *c == '0' ? c + 1 : skip_digits(c);
    *is_integer = c != NULL && *c != '.' && *c != 'e' && *c != 'E';
    if (c != NULL && *c == '.')
        c = skip_digits(c + 1);
    if (c != NULL && (*c == 'e' || *c == 'E')) {
        c += c[1] == '+' || c[1] == '-' ? 2 : 1;
        c = skip_digits(c);
    }
    return c != NULL && strchr("+-.0123456789", *c) != NULL && *c != '\0' ? NULL : c;
}

static bool is_held_exactly(const char *number, bool is_integer)
{
    errno = 0;
    if (!is_integer)
        return isfinite(strtod(number, NULL));
    if (*number == '-')
        strtoll(number, NULL, 10);
    else
        strtoull(number, NULL, 10);
    return errno != ERANGE;
}

static const char *check_number(const char **c)
{
    const char *number = *c;
    char copy[MAX_NUMBER];
    bool is_integer;

    *c = skip_number(number, &is_integer);
    if (*c == NULL)
        return "number expected";
    if (*c - number >= MAX_NUMBER)
        return "number too long";
    memcpy(copy, number, (size_t)(*c - number));
    copy[*c - number] = '\0';
    return is_held_exactly(copy, is_integer) ? NULL : "number out of range";
}

static const char *check_string(const char **c, const char *end)
{
    *c = skip_string(*c, end);
    return *c == NULL ? "invalid control character" : NULL;
}

const char *json_strict_error(struct bytes text)
{
    const char *end = text.data + text.size;
    const char *error = NULL;

    for (const char *c = text.data; c < end && error == NULL;) {
        if (*c == '"')
            error = check_string(&c, end);
        else if (*c == '-' || (*c >= '0' && *c <= '9'))
            error = check_number(&c);
        else if (*c == '\'' || *c == 'N' || *c == 'I')
            error = "value expected";
        else
            c++;
    }
    return error;
}

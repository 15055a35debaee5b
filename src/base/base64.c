#include "base/base64.h"

static bool is_space(char character)
{
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

static bool is_alphabet(char character)
{
    return (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9') || character == '+' || character == '/';
}

static const char *unwanted(char character)
{
    if (character == '-' || character == '_')
        return "it is of the URL-safe alphabet; the API takes the standard one, with + and /";
    if (character == '=')
        return "there is too much padding";
    return "it has a character that is not base64";
}

/* A group of four characters holds three bytes; two or three characters hold one or two, and one holds none. */
static const char *check_counts(size_t digits, size_t padding, size_t *missing_padding)
{
    const size_t wanted_padding = (4 - digits % 4) % 4;
    if (digits == 0 && padding == 0)
        return "it holds nothing but white space";
    if (wanted_padding == 3)
        return "it ends within a character";
    if (padding > wanted_padding)
        return "there is too much padding";
    *missing_padding = wanted_padding - padding;
    return NULL;
}

bool base64_measure(const char *text, size_t length, size_t *characters, size_t *missing_padding, const char **reason,
                    size_t *offset)
{
    size_t digits = 0;
    size_t padding = 0;

    *reason = NULL;
    for (size_t at = 0; at < length && *reason == NULL; at++) {
        *offset = at;
        if (is_alphabet(text[at]) && padding == 0)
            digits++;
        else if (is_alphabet(text[at]))
            *reason = "something follows its padding";
        else if (text[at] == '=' && padding < 2)
            padding++;
        else if (!is_space(text[at]))
            *reason = unwanted(text[at]);
    }
    if (*reason == NULL) {
        *reason = check_counts(digits, padding, missing_padding);
        *offset = length;
    }
    *characters = digits + padding;
    return *reason == NULL;
}

size_t base64_copy(const char *text, size_t length, size_t *at, char *to, size_t size)
{
    size_t written = 0;
    for (; written < size && *at < length; ++*at)
        if (!is_space(text[*at]))
            to[written++] = text[*at];
    return written;
}

#include "base/secret.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void secret_wipe(void *memory, size_t size)
{
    volatile unsigned char *byte = memory;
    while (size-- > 0)
        *byte++ = 0;
}

/* How many bytes stand here for a character: one, or three as in an address; 0 if it is another character. The end of
 * the text may cut it off. */
static size_t match_character(const char *text, size_t length, char character)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char code = (unsigned char)character;
    const char escape[] = {'%', digits[code >> 4], digits[code & 15]};
    const size_t compared = length < sizeof escape ? length : sizeof escape;
    if (text[0] != '%')
        return text[0] == character;
    return strncasecmp(text, escape, compared) == 0 ? compared : 0;
}

/* How many bytes stand here for the secret, likewise. */
static size_t match_escaped(const char *text, size_t length, const char *secret)
{
    size_t matched = 0;
    for (; *secret != '\0' && matched < length; secret++) {
        const size_t width = match_character(text + matched, length - matched, *secret);
        if (width == 0)
            return 0;
        matched += width;
    }
    return matched;
}

static size_t match(const char *text, size_t length, const char *secret)
{
    size_t same = 0;
    while (same < length && secret[same] != '\0' && text[same] == secret[same])
        same++;
    return same == length || secret[same] == '\0' ? same : match_escaped(text, length, secret);
}

static bool is_word_character(char character)
{
    return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
           (character >= 'A' && character <= 'Z');
}

/* A secret of one to three characters, which nobody can keep, is a part of many words. There it is no secret, and the words
 * would be unreadable without it. */
static bool is_part_of_word(const char *text, size_t at, size_t matched, size_t length, const char *secret)
{
    enum { MIN_ANYWHERE = 4 };
    if (strlen(secret) >= MIN_ANYWHERE)
        return false;
    return (at > 0 && is_word_character(text[at - 1])) ||
           (at + matched < length && is_word_character(text[at + matched]));
}

/* What stands up to `end` is looked at: behind it, nothing is known. */
static void redact(char *text, size_t length, size_t end, const char *secret)
{
    for (size_t at = 0; at < length && secret != NULL;) {
        size_t found = match(text + at, end - at, secret);
        if (found > 0 && is_part_of_word(text, at, found, length, secret))
            found = 0;
        memset(text + at, '*', found);
        at += found > 0 ? found : 1;
    }
}

void secret_redact(char *text, size_t length, const char *secret)
{
    redact(text, length, length + 1, secret); /* with its NUL, no end of it is a cut */
}

void secret_redact_line(char *line, size_t size, const char *secret)
{
    enum { MAX_CHARACTER = 4 };
    const size_t length = strlen(line);
    const bool full = length + MAX_CHARACTER >= size;
    redact(line, length, full ? length : length + 1, secret);
}

void secret_free(char *string)
{
    if (string == NULL)
        return;
    secret_wipe(string, strlen(string));
    free(string);
}

#include "base/secret.h"

#include "base/ascii.h"

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

/* Returns the number of bytes that represent the character here: one, or three if percent-encoded; 0 if it is another
 * character. An escape may be truncated by the end of the text. */
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

/* Returns the number of bytes that represent the secret here, some of them percent-encoded; 0 if there is no match. */
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

/* A secret of one to three characters, which gives no protection anyway, occurs in many words. Inside a word it is not
 * overwritten, because the text would be unreadable otherwise. */
static bool is_part_of_word(const char *text, size_t at, size_t matched, size_t length, const char *secret)
{
    enum { MIN_ANYWHERE = 4 };
    if (strlen(secret) >= MIN_ANYWHERE)
        return false;
    return (at > 0 && ascii_is_alphanumeric(text[at - 1])) ||
           (at + matched < length && ascii_is_alphanumeric(text[at + matched]));
}

/* Compares only up to `end`. The secret counts as found even if only its beginning fits before `end`. */
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
    redact(text, length, length + 1, secret); /* including the NUL, so that a partial match at the end is ignored */
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

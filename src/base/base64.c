#include "base/base64.h"

#include <string.h>

/* Characters that are checked together. With a constant, the compiler can vectorise the loop. */
enum { BLOCK = 32 };

/* Uses bytes only and no branches, so that the compiler can check sixteen characters with one instruction. */
static inline unsigned char is_alphabet(char character)
{
    const unsigned char byte = (unsigned char)character;
    const unsigned char letter = (unsigned char)((unsigned char)((byte | 0x20) - 'a') <= 25);
    const unsigned char digit = (unsigned char)((unsigned char)(byte - '0') <= 9);
    return (unsigned char)(letter | digit | (byte == '+') | (byte == '/'));
}

static bool is_alphabet_block(const char *text)
{
    unsigned char all = 1;
    for (int i = 0; i < BLOCK; i++)
        all &= is_alphabet(text[i]);
    return all != 0;
}

/* Counts the base64 characters at the beginning of the text. */
static size_t span_alphabet(const char *text, size_t length)
{
    size_t span = 0;
    while (length - span >= BLOCK && is_alphabet_block(text + span))
        span += BLOCK;
    while (span < length && is_alphabet(text[span]))
        span++;
    return span;
}

static bool is_space(char character)
{
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
}

static const char *unwanted(char character)
{
    if (character == '-' || character == '_')
        return "it uses the URL-safe alphabet; the API takes the standard one, with + and /";
    if (character == '=')
        return "there is too much padding";
    return "it has a character that is not base64";
}

/* Four characters encode three bytes. In the last group, three characters encode two bytes and two encode one; a single
 * character encodes none. */
static const char *check_counts(size_t digits, size_t padding, size_t *missing_padding)
{
    const size_t wanted_padding = (4 - digits % 4) % 4;
    if (digits == 0 && padding == 0)
        return "it contains only white space";
    if (wanted_padding == 3)
        return "its last group of characters is incomplete";
    if (padding > wanted_padding)
        return "there is too much padding";
    *missing_padding = wanted_padding - padding;
    return NULL;
}

/* Checks a character that follows the first run of base64 characters. Returns what is wrong with it, or NULL. */
static const char *check_other(char character, size_t *padding)
{
    if (is_alphabet(character))
        return "something follows its padding";
    if (character == '=' && *padding < 2) {
        ++*padding;
        return NULL;
    }
    return is_space(character) ? NULL : unwanted(character);
}

bool base64_measure(const char *text, size_t length, size_t *characters, size_t *missing_padding, const char **reason,
                    size_t *offset)
{
    size_t digits = 0;
    size_t padding = 0;
    size_t at = 0;

    *reason = NULL;
    while (at < length && *reason == NULL) {
        const size_t span = padding == 0 ? span_alphabet(text + at, length - at) : 0;
        digits += span;
        at += span;
        *offset = at;
        if (at < length)
            *reason = check_other(text[at++], &padding);
    }
    if (*reason == NULL) {
        *reason = check_counts(digits, padding, missing_padding);
        *offset = length;
    }
    *characters = digits + padding;
    return *reason == NULL;
}

size_t base64_copy(const char *text, size_t length, size_t *at, char *copy, size_t size)
{
    size_t written = 0;
    while (written < size && *at < length) {
        const size_t left = length - *at < size - written ? length - *at : size - written;
        const size_t run = span_alphabet(text + *at, left);
        memcpy(copy + written, text + *at, run);
        written += run;
        *at += run;
        for (; run < left && *at < length && !is_alphabet(text[*at]) && written < size; ++*at)
            if (!is_space(text[*at]))
                copy[written++] = text[*at];
    }
    return written;
}

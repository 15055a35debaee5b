#include "base/utf8.h"

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The length of the sequence that begins with this byte; 0 if no sequence does. */
static size_t sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* The first byte also limits the second one, to exclude overlong forms, surrogates and code points that are
 * too large. */
static bool is_second(unsigned char first, unsigned char second)
{
    const unsigned char lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned char highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    return second >= lowest && second <= highest;
}

size_t utf8_sequence(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    const size_t size = length > 0 ? sequence_length(byte[0]) : 0;

    if (size < 2)
        return size;
    if (length < size || !is_second(byte[0], byte[1]))
        return 0;
    for (size_t i = 2; i < size; i++)
        if (!is_continuation(byte[i]))
            return 0;
    return size;
}

bool utf8_is_cut(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    return length > 0 && length < sequence_length(byte[0]) && byte[length - 1] >= 0x80;
}

bool utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        const size_t size = utf8_sequence(text + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

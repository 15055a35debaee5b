#include "base/utf8.h"

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* The lead byte determines the length. It also limits the second byte, to exclude overlong forms, surrogates and code
 * points that are too large. */
size_t utf8_sequence(const char *text, size_t length)
{
    const unsigned char *byte = (const unsigned char *)text;
    unsigned char lowest = 0x80;
    unsigned char highest = 0xbf;
    size_t size = 0;

    if (length == 0)
        return 0;
    if (byte[0] < 0x80)
        return 1;
    if (byte[0] >= 0xc2 && byte[0] <= 0xdf)
        size = 2;
    else if (byte[0] >= 0xe0 && byte[0] <= 0xef)
        size = 3;
    else if (byte[0] >= 0xf0 && byte[0] <= 0xf4)
        size = 4;
    if (size == 0 || length < size)
        return 0;

    lowest = byte[0] == 0xe0 ? 0xa0 : byte[0] == 0xf0 ? 0x90 : lowest;
    highest = byte[0] == 0xed ? 0x9f : byte[0] == 0xf4 ? 0x8f : highest;
    if (byte[1] < lowest || byte[1] > highest)
        return 0;
    for (size_t i = 2; i < size; i++)
        if (!is_continuation(byte[i]))
            return 0;
    return size;
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

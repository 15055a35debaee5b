#include "base64.h"
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Encodes 1 to 3 bytes as four characters. The bytes after `count` must be zero. */
static void encode_group(const unsigned char bytes[3], size_t count, char text[4])
{
    unsigned group = (unsigned)bytes[0] << 16 | (unsigned)bytes[1] << 8 | bytes[2];

    text[0] = alphabet[group >> 18];
    text[1] = alphabet[group >> 12 & 63];
    text[2] = alphabet[group >> 6 & 63];
    text[3] = alphabet[group & 63];
    memset(text + 1 + count, '=', 3 - count);
}

bool base64_encode(struct bytes *bytes)
{
    size_t groups = bytes->size / 3 + (bytes->size % 3 != 0);
    char *data = groups < SIZE_MAX / 4 ? realloc(bytes->data, groups * 4 + 1) : NULL;

    if (data == NULL)
        return false;
    /* Starting at the end, so that no byte is overwritten before it is read. */
    for (size_t i = groups; i-- > 0;) {
        unsigned char group[3] = {0};
        size_t rest = bytes->size - i * 3;
        size_t count = rest < 3 ? rest : 3;
        memcpy(group, data + i * 3, count);
        encode_group(group, count, data + i * 4);
    }
    data[groups * 4] = '\0';
    *bytes = (struct bytes){data, groups * 4};
    return true;
}

char *base64_decode(const char *text)
{
    const size_t length = strspn(text, alphabet);
    const size_t padding = strspn(text + length, "=");
    char *decoded = memory_array(NULL, length + 1, 1);
    size_t size = 0;
    uint32_t bits = 0;

    for (size_t i = 0; i < length; i++) {
        bits = bits << 6 | (uint32_t)(strchr(alphabet, text[i]) - alphabet);
        if (i % 4 != 0)
            decoded[size++] = (char)(bits >> (6 - 2 * (i % 4)) & 0xFF);
    }
    decoded[size] = '\0';
    if ((length + padding) % 4 == 0 && padding <= 2 && text[length + padding] == '\0' && strlen(decoded) == size)
        return decoded;
    free(decoded);
    return NULL;
}

#include "base64.h"

#include "memory.h"

#include <limits.h>
#include <openssl/evp.h>

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* OpenSSL's decoder accepts white space, and text after the padding: this check rejects both. */
static bool is_base64(struct bytes text, size_t padding)
{
    bool allowed[UCHAR_MAX + 1] = {false};

    for (const char *c = ALPHABET; *c != '\0'; c++)
        allowed[(unsigned char)*c] = true;
    for (size_t i = 0; i + padding < text.size; i++) {
        if (!allowed[(unsigned char)text.data[i]])
            return false;
    }
    return text.size % 4 == 0 && text.size <= INT_MAX;
}

static size_t count_padding(struct bytes text)
{
    size_t padding = 0;

    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=')
        padding++;
    return padding;
}

bool base64_decode(struct bytes text, struct buffer *decoded)
{
    size_t padding = count_padding(text);

    if (!is_base64(text, padding))
        return false;
    decoded->capacity = text.size / 4 * 3 + 1;
    decoded->data = memory_new(decoded->capacity, 1);
    if (text.size > 0)
        EVP_DecodeBlock((unsigned char *)decoded->data, (const unsigned char *)text.data, (int)text.size);
    decoded->size = text.size / 4 * 3 - padding;
    decoded->data[decoded->size] = '\0';
    return true;
}

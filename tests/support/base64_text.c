#include "base64_text.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 76 };

static char *plain(const void *bytes, size_t length)
{
    char *text = malloc((length + 2) / 3 * 4 + 1);

    if (text != NULL)
        EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
    return text;
}

static char *wrapped(const char *text)
{
    size_t length = strlen(text);
    char *lines = malloc(length + length / COLUMNS + 2);
    char *end = lines;

    if (lines == NULL)
        return NULL;
    for (size_t at = 0; at < length; at += COLUMNS) {
        size_t line = length - at < COLUMNS ? length - at : COLUMNS;

        memcpy(end, text + at, line);
        end[line] = '\n';
        end += line + 1;
    }
    *end = '\0';
    return lines;
}

char *base64_text(const void *bytes, size_t length, enum base64_style style)
{
    char *text = plain(bytes, length);

    if (text == NULL)
        return NULL;
    if (style == BASE64_UNPADDED)
        text[strcspn(text, "=")] = '\0';
    if (style != BASE64_WRAPPED)
        return text;
    char *lines = wrapped(text);
    free(text);
    return lines;
}

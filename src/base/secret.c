#include "base/secret.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void secret_wipe(void *memory, size_t size)
{
    volatile unsigned char *byte = memory;
    while (size-- > 0)
        *byte++ = 0;
}

/* How much of the secret, which may be cut off by the end of the text, stands here. */
static size_t match(const char *text, size_t length, const char *secret, size_t secret_length)
{
    const size_t compared = length < secret_length ? length : secret_length;
    return memcmp(text, secret, compared) == 0 ? compared : 0;
}

void secret_redact(char *text, size_t length, const char *secret)
{
    const size_t secret_length = secret != NULL ? strlen(secret) : 0;
    for (size_t at = 0; at < length && secret_length > 0;) {
        const size_t found = match(text + at, length - at, secret, secret_length);
        memset(text + at, '*', found);
        at += found > 0 ? found : 1;
    }
}

void secret_redact_line(char *line, size_t size, const char *secret)
{
    enum { LONGEST_CHARACTER = 4 };
    const size_t length = strlen(line);
    const bool full = length + LONGEST_CHARACTER >= size;
    secret_redact(line, full ? length : length + 1, secret); /* with its NUL, no end of it is a cut */
}

void secret_free(char *string)
{
    if (string == NULL)
        return;
    secret_wipe(string, strlen(string));
    free(string);
}

#include "base/secret.h"

#include <stdlib.h>
#include <string.h>

void secret_wipe(void *memory, size_t size)
{
    volatile unsigned char *byte = memory;
    while (size-- > 0)
        *byte++ = 0;
}

void secret_free(char *string)
{
    if (string == NULL)
        return;
    secret_wipe(string, strlen(string));
    free(string);
}

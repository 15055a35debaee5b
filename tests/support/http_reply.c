#include "http_reply.h"

#include <stdio.h>
#include <string.h>

size_t http_reply(char *buffer, size_t size, const char *status, const char *headers, const char *body)
{
    int length =
        snprintf(buffer, size, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n%s", status, headers, strlen(body), body);

    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

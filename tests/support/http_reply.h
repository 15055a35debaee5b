/* Well-formed HTTP replies as bytes, which a fault server's script sends or damages. */
#ifndef SUPPORT_HTTP_REPLY_H
#define SUPPORT_HTTP_REPLY_H

#include <stddef.h>

/*
 * Writes a reply with the Content-Length of its body, and returns its length; 0 if it does not fit.
 * status is "200 OK"; headers are whole lines ("Retry-After: 1\r\n"), or "".
 */
size_t http_reply(char *buffer, size_t size, const char *status, const char *headers, const char *body);

#endif

/* Reads HTTP messages from a socket, one at a time. It parses only what a proxy needs to find the end of a message. */
#ifndef SOAK_HTTP_MESSAGE_H
#define SOAK_HTTP_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

struct http_message {
    size_t length;
    char bytes[64 * 1024]; /* the largest message */
};

/* Reads a message with its body, whose length must be in a Content-Length header. False at the end of the
 * connection. */
bool http_message_read(int fd, struct http_message *message);

bool http_message_begins(const struct http_message *message, const char *text);

/* Sends bytes; false if the connection is broken. */
bool http_send(int fd, const char *bytes, size_t length);

#endif

#include "http_message.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* The length of the message that begins here; 0 while its headers are not complete. */
static size_t whole_length(const char *bytes)
{
    static const char blank_line[] = "\r\n\r\n";
    static const char announcement[] = "\r\nContent-Length:";
    const char *end = strstr(bytes, blank_line);

    if (end == NULL)
        return 0;
    const size_t head = (size_t)(end - bytes) + strlen(blank_line);
    const char *length = strcasestr(bytes, announcement);
    return length != NULL && length < end ? head + strtoul(length + strlen(announcement), NULL, 10) : head;
}

bool http_message_read(int fd, struct http_message *message)
{
    size_t whole = 0;

    message->length = 0;
    while (whole == 0 || message->length < whole) {
        char *end = message->bytes + message->length;
        const ssize_t received = recv(fd, end, sizeof message->bytes - 1 - message->length, 0);

        if (received <= 0)
            return false;
        message->length += (size_t)received;
        end[received] = '\0';
        if (whole == 0)
            whole = whole_length(message->bytes);
    }
    return true;
}

bool http_message_begins(const struct http_message *message, const char *text)
{
    return message->length >= strlen(text) && memcmp(message->bytes, text, strlen(text)) == 0;
}

bool http_send(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t sent = send(fd, bytes, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

#include "engine/sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

void sockets_free(sockets *of)
{
    free(of->open);
    *of = (sockets){NULL, 0, 0, 0};
}

static bool make_room(sockets *in)
{
    if (in->count < in->capacity)
        return true;
    const size_t capacity = in->capacity * 2 + 4;
    curl_socket_t *larger = realloc(in->open, capacity * sizeof *larger);
    if (larger == NULL)
        return false;
    in->open = larger;
    in->capacity = capacity;
    return true;
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is libcurl's */
curl_socket_t sockets_open(void *list, curlsocktype purpose, struct curl_sockaddr *address)
{
    sockets *in = list;
    (void)purpose;
    in->error = ENOMEM;
    if (!make_room(in))
        return CURL_SOCKET_BAD;
    const curl_socket_t opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    in->error = opened == CURL_SOCKET_BAD ? errno : 0;
    if (opened != CURL_SOCKET_BAD)
        in->open[in->count++] = opened;
    return opened;
}

int sockets_close(void *list, curl_socket_t closed)
{
    sockets *in = list;
    size_t i = 0;
    while (i < in->count && in->open[i] != closed)
        i++;
    if (i < in->count)
        in->open[i] = in->open[--in->count];
    return close(closed);
}

bool sockets_hold_bytes(const sockets *of)
{
    char byte;
    for (size_t i = 0; i < of->count; i++)
        if (recv(of->open[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
            return true;
    return false;
}

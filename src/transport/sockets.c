#include "transport/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel would take in whole images at once, and then nobody could tell a slow link from a dead one. Where it does
 * not know the option, that is so. */
static void keep_little_unsent(curl_socket_t opened)
{
    static const int most_unsent_bytes = 16 * 1024;
    setsockopt(opened, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most_unsent_bytes, sizeof most_unsent_bytes);
}

curl_socket_t sockets_open(struct sockets *sockets, const struct curl_sockaddr *address)
{
    const curl_socket_t opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    sockets->error = opened == CURL_SOCKET_BAD ? errno : 0;
    if (opened != CURL_SOCKET_BAD)
        keep_little_unsent(opened);
    return opened;
}

/* Of a socket that never was connected libcurl does not tell; but then it never rested either. */
int sockets_close(void *list, curl_socket_t closed)
{
    struct sockets *sockets = list;
    size_t i = 0;
    while (i < sockets->count && sockets->resting[i] != closed)
        i++;
    if (i < sockets->count)
        sockets->resting[i] = sockets->resting[--sockets->count];
    return close(closed);
}

bool sockets_rest(struct sockets *sockets, curl_socket_t resting)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (sockets->resting[i] == resting)
            return true;
    if (resting == CURL_SOCKET_BAD)
        return true;
    const bool has_room = sockets->count < MAX_RESTING_SOCKETS;
    if (has_room)
        sockets->resting[sockets->count++] = resting;
    return has_room;
}

bool sockets_hold_bytes(const struct sockets *sockets)
{
    char byte;
    for (size_t i = 0; i < sockets->count; i++)
        if (recv(sockets->resting[i], &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0)
            return true;
    return false;
}

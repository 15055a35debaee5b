#include "transport/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Limits the data that the kernel buffers. Otherwise it would accept whole images at once, and a slow link would look
 * like a dead one. Kernels that do not know the option have no such limit. */
static void limit_unsent_bytes(curl_socket_t opened)
{
    static const int max_unsent_bytes = 16 * 1024;
    setsockopt(opened, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &max_unsent_bytes, sizeof max_unsent_bytes);
}

curl_socket_t sockets_open(const struct curl_sockaddr *address)
{
    const curl_socket_t opened = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    if (opened != CURL_SOCKET_BAD)
        limit_unsent_bytes(opened);
    return opened;
}

static size_t find(const struct sockets *sockets, curl_socket_t wanted)
{
    size_t i = 0;
    while (i < sockets->count && sockets->idle[i] != wanted)
        i++;
    return i;
}

/* libcurl does not report closing sockets that were never connected, but such a socket was never idle either. */
int sockets_close(void *data, curl_socket_t closed)
{
    struct sockets *sockets = data;
    const size_t i = find(sockets, closed);
    if (i < sockets->count)
        sockets->idle[i] = sockets->idle[--sockets->count];
    return close(closed);
}

void sockets_note_idle(struct sockets *sockets, curl_socket_t idle)
{
    if (idle == CURL_SOCKET_BAD || find(sockets, idle) < sockets->count)
        return;
    if (sockets->count < MAX_IDLE_SOCKETS)
        sockets->idle[sockets->count++] = idle;
    else
        sockets->unwatched = true;
}

static bool is_quiet(curl_socket_t idle)
{
    char byte;
    return recv(idle, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool sockets_doubtful(const struct sockets *sockets)
{
    for (size_t i = 0; i < sockets->count; i++)
        if (!is_quiet(sockets->idle[i]))
            return true;
    return sockets->unwatched;
}

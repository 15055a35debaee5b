#include "transport/sockets.h"

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
    while (i < sockets->count && sockets->idle[i].fd != wanted)
        i++;
    return i;
}

static void forget(struct sockets *sockets, size_t index)
{
    sockets->idle[index] = sockets->idle[--sockets->count];
}

/* libcurl does not report closing sockets that were never connected, but such a socket was never idle either. */
int sockets_close(void *data, curl_socket_t closed)
{
    struct sockets *sockets = data;
    const size_t i = find(sockets, closed);
    if (i < sockets->count)
        forget(sockets, i);
    return close(closed);
}

void sockets_note_idle(struct sockets *sockets, curl_socket_t idle)
{
    if (idle == CURL_SOCKET_BAD || find(sockets, idle) < sockets->count)
        return;
    if (sockets->count == MAX_IDLE_SOCKETS) {
        sockets->unwatched = true;
        return;
    }
    sockets->idle[sockets->count++] = (struct pollfd){.fd = idle, .events = POLLIN};
}

void sockets_note_busy(struct sockets *sockets, const fd_set *busy)
{
    for (size_t i = sockets->count; i-- > 0;)
        if (sockets->idle[i].fd < FD_SETSIZE && FD_ISSET(sockets->idle[i].fd, busy))
            forget(sockets, i);
}

/* A closed connection is readable too. */
bool sockets_doubtful(struct sockets *sockets)
{
    return sockets->unwatched || (sockets->count > 0 && poll(sockets->idle, (nfds_t)sockets->count, 0) != 0);
}

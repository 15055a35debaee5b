#include "transport/sockets.h"

#include "base/system.h"

#include <unistd.h>

/* Otherwise the kernel would accept whole images at once, and a slow link would look like a dead one. */
enum { MAX_UNSENT_BYTES = 16 * 1024 };

curl_socket_t sockets_open(const struct curl_sockaddr *address)
{
    const curl_socket_t opened = system_socket(address->family, address->socktype, address->protocol);
    if (opened != CURL_SOCKET_BAD)
        system_limit_unsent(opened, MAX_UNSENT_BYTES);
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
        if (sockets->idle[i].fd < FD_SETSIZE && FD_ISSET((unsigned)sockets->idle[i].fd, busy))
            forget(sockets, i);
}

/* A closed connection is readable too. */
bool sockets_doubtful(struct sockets *sockets)
{
    return sockets->unwatched || (sockets->count > 0 && poll(sockets->idle, (nfds_t)sockets->count, 0) != 0);
}

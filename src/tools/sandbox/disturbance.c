#include "disturbance.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Without events, poll still reports a reset, and the shutdown with which libmicrohttpd ends connections. */
bool disturbance_delay(int socket, int64_t milliseconds)
{
    struct pollfd connection = {.fd = socket};

    return poll(&connection, 1, (int)milliseconds) == 0;
}

/* Returns true if the client has closed the connection and everything that it sent before has been read. */
static bool is_at_end(int socket)
{
    char byte;

    return recv(socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

/* Only Linux and FreeBSD have POLLRDHUP, which would report the client's end at once. */
void disturbance_stall(int socket)
{
    enum { INTERVAL_MS = 100 };

    while (disturbance_delay(socket, INTERVAL_MS) && !is_at_end(socket))
        continue;
}

/* Closes the connection with a reset, and leaves an unconnected socket in its place, which libmicrohttpd closes. (If it
 * closed the connection itself, it would shut it down first, and the client might see that instead of the reset.) */
void disturbance_reset(int connection)
{
    static const struct linger at_once = {.l_onoff = 1};
    const int unconnected = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (unconnected >= 0)
        dup2(unconnected, connection);
    close(unconnected);
}

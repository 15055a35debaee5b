#include "disturbance.h"

#include <poll.h>
#include <sys/socket.h>

/* Without events, poll still reports a reset, and the shutdown with which libmicrohttpd ends connections. */
bool disturbance_delay(int socket, int64_t milliseconds)
{
    struct pollfd connection = {.fd = socket};

    return poll(&connection, 1, (int)milliseconds) == 0;
}

void disturbance_stall(int socket)
{
    struct pollfd connection = {.fd = socket, .events = POLLRDHUP};

    poll(&connection, 1, -1);
}

/* Linux aborts a connection whose socket is "connected" to no address. (SO_LINGER with 0 seconds would do so at the
 * close, but libmicrohttpd shuts the connection down first, and the client may see that instead.) */
void disturbance_reset(int socket)
{
    const struct sockaddr nowhere = {.sa_family = AF_UNSPEC};

    (void)connect(socket, &nowhere, sizeof nowhere);
}

/* What a fault does to a connection beside a reply. */
#ifndef SANDBOX_DISTURBANCE_H
#define SANDBOX_DISTURBANCE_H

#include <stdbool.h>
#include <stdint.h>

/* Waits. Returns false if the connection ended before, which it also does when the server stops. */
bool disturbance_delay(int socket, int64_t milliseconds);

/* Waits until the client closes the connection, or at least resets it if something of it is unread, or the server
 * stops. */
void disturbance_stall(int socket);

/* Resets the connection: the client gets a TCP RST. The descriptor stays open, but is not connected any more. */
void disturbance_reset(int connection);

#endif

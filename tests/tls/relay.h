/* A TCP relay on 127.0.0.1 that forwards all bytes to a server. Its connections can stop forwarding without closing. */
#ifndef TLS_RELAY_H
#define TLS_RELAY_H

#include <stddef.h>

struct relay;

/* Starts a relay in front of this port of 127.0.0.1. Returns NULL on failure. */
struct relay *relay_start(int server_port);

/* The relay's port. */
int relay_port(const struct relay *relay);

/* The number of connections so far. */
size_t relay_connections(const struct relay *relay);

/* The connections so far stay open, but no more data passes in either direction. Later connections work. */
void relay_silence(struct relay *relay);

/* Closes all connections, and frees everything. */
void relay_end(struct relay *relay);

#endif

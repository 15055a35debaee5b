/* A TCP relay on 127.0.0.1 in front of a server, byte for byte, whose connections can fall silent without an end. */
#ifndef TLS_RELAY_H
#define TLS_RELAY_H

#include <stddef.h>

struct relay;

/* In front of that port of 127.0.0.1. NULL on failure. */
struct relay *relay_start(int server_port);

/* Its own port. */
int relay_port(const struct relay *relay);

/* How many connections it has had. */
size_t relay_connections(const struct relay *relay);

/* The connections so far stay open, but nothing passes any more, either way. Later ones are not concerned. */
void relay_silence(struct relay *relay);

/* Closes all connections, and frees everything. */
void relay_end(struct relay *relay);

#endif

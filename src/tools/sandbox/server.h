/* The HTTP server: libmicrohttpd, with a thread for each connection. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "sandbox.h"

struct server;

/* Listens on the host and port of the options. Returns NULL on failure, and sets *error to a message. */
struct server *server_start(struct sandbox *sandbox, const char **error);

/* The port it listens on. */
unsigned server_port(const struct server *server);

/* Closes all connections. */
void server_stop(struct server *server);

#endif

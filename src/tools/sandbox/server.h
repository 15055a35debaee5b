/* The HTTP side: libmicrohttpd, one thread for each connection. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include "sandbox.h"

struct server;

/* Listens on 127.0.0.1 and answers from the sandbox's routes; NULL if it can't. */
struct server *server_start(struct sandbox *sandbox);

/* The port that it listens on. */
unsigned server_port(const struct server *server);

/* Ends all connections. */
void server_stop(struct server *server);

#endif

#include "server.h"

#include "exchange.h"
#include "memory.h"

#include <errno.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <netdb.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CONNECTION_MEMORY = 1024 * 1024 }; /* for a request's line, arguments and headers, and for reading */

struct server {
    struct MHD_Daemon *daemon;
    atomic_uint_fast64_t connections;
};

/* Gives each connection its number as its context: 1, 2, 3... */
static void count_connection(void *data, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode code)
{
    struct server *server = data;
    uint64_t *number;

    (void)connection;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        free(*state);
        return;
    }
    number = memory_new(1, sizeof *number);
    *number = atomic_fetch_add(&server->connections, 1) + 1;
    *state = number;
}

/* Resolves a host, by number or name. Returns NULL on failure, and sets *error to a message. */
static struct addrinfo *resolve(const char *host, int64_t port, const char **error)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    char *service = memory_format("%" PRId64, port);
    struct addrinfo *addresses = NULL;
    int result = getaddrinfo(host, service, &hints, &addresses);

    free(service);
    if (result == 0)
        return addresses;
    *error = gai_strerror(result);
    return NULL;
}

static struct MHD_Daemon *start_daemon(struct server *server, struct sandbox *sandbox, const struct addrinfo *address)
{
    const unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO |
                           (address->ai_family == AF_INET6 ? MHD_USE_IPv6 : 0);

    return MHD_start_daemon(flags, 0, NULL, NULL, exchange_serve, sandbox, MHD_OPTION_SOCK_ADDR, address->ai_addr,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
                            exchange_begin, sandbox, MHD_OPTION_NOTIFY_COMPLETED, exchange_end, sandbox,
                            MHD_OPTION_NOTIFY_CONNECTION, count_connection, server, MHD_OPTION_END);
}

struct server *server_start(struct sandbox *sandbox, const char **error)
{
    struct addrinfo *address = resolve(sandbox->options.host, sandbox->options.port, error);
    struct server *server;

    if (address == NULL)
        return NULL;
    server = memory_new(1, sizeof *server);
    server->daemon = start_daemon(server, sandbox, address);
    *error = strerror(errno);
    freeaddrinfo(address);
    if (server->daemon != NULL)
        return server;
    free(server);
    return NULL;
}

unsigned server_port(const struct server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void server_stop(struct server *server)
{
    MHD_stop_daemon(server->daemon);
    free(server);
}

#include "server.h"

#include "memory.h"
#include "request_log.h"
#include "routes.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    LARGEST_BODY = 256 * 1024 * 1024,
    CONNECTION_MEMORY = 256 * 1024, /* for a request's line and headers, and for reading */
};

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
    atomic_uint_fast64_t connections;
};

/* One request, from its first line to the end of its reply. */
struct exchange {
    char *target;
    bool started;
    struct buffer body;
    uint64_t body_size;
};

static void *begin_exchange(void *server, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = memory_new(1, sizeof *exchange);

    (void)server;
    (void)connection;
    exchange->target = memory_format("%s", target);
    return exchange;
}

static void end_exchange(void *server, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    struct exchange *exchange = *state;

    (void)server;
    (void)connection;
    (void)code;
    if (exchange == NULL)
        return;
    buffer_clear(&exchange->body);
    free(exchange->target);
    free(exchange);
    *state = NULL;
}

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

/* A body that is too large is read to its end and dropped: the client can then read what we answer. */
static void receive(struct exchange *exchange, const char *data, size_t size)
{
    exchange->body_size += size;
    if (exchange->body_size > LARGEST_BODY)
        buffer_clear(&exchange->body);
    else
        buffer_append(&exchange->body, data, size, LARGEST_BODY);
}

static enum MHD_Result add_field(void *fields, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    fields_add(fields, name, value);
    return MHD_YES;
}

static uint64_t connection_number(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    return *(const uint64_t *)info->socket_context;
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *reply)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(reply->body.size, reply->body.data, MHD_RESPMEM_MUST_FREE);
    enum MHD_Result result;

    if (reply->content_type != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->content_type);
    result = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result answer(struct sandbox *sandbox, struct MHD_Connection *connection, struct request *request)
{
    struct reply reply = {0};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_field, &request->headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_field, &request->query);
    request_read_body(request);
    routes_answer(sandbox, request, &reply);
    if (sandbox->log != NULL)
        request_log_write(sandbox->log, request, reply.status);
    multipart_clear(&request->multipart);
    fields_clear(&request->query);
    fields_clear(&request->headers);
    return send_reply(connection, &reply);
}

/* libmicrohttpd calls this first without data, then with each piece of the body, then without data again. */
static enum MHD_Result serve(void *data, struct MHD_Connection *connection, const char *path, const char *method,
                             const char *http_version, const char *upload, size_t *upload_size, void **state)
{
    struct server *server = data;
    struct exchange *exchange = *state;
    struct request request = {
        .method = method,
        .path = path,
        .target = exchange->target,
        .connection = connection_number(connection),
        .received = buffer_bytes(&exchange->body),
        .received_size = exchange->body_size,
    };

    (void)http_version;
    if (!exchange->started) {
        exchange->started = true;
        return MHD_YES;
    }
    if (*upload_size == 0)
        return answer(server->sandbox, connection, &request);
    receive(exchange, upload, *upload_size);
    *upload_size = 0;
    return MHD_YES;
}

static struct MHD_Daemon *start_daemon(struct server *server, uint16_t port)
{
    const unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons(port),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };

    return MHD_start_daemon(flags, port, NULL, NULL, serve, server, MHD_OPTION_SOCK_ADDR, &address,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_URI_LOG_CALLBACK,
                            begin_exchange, server, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, server,
                            MHD_OPTION_NOTIFY_CONNECTION, count_connection, server, MHD_OPTION_END);
}

struct server *server_start(struct sandbox *sandbox)
{
    struct server *server = memory_new(1, sizeof *server);

    server->sandbox = sandbox;
    server->daemon = start_daemon(server, (uint16_t)sandbox->options.port);
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

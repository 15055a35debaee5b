#include "raw_server.h"

#include "http_reply.h"
#include "loopback.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, BACKLOG = 64, MAX_OPEN = 256 };

struct raw_server {
    raw_serve_function *serve;
    void *data;
    int listener;
    char url[LOOPBACK_URL_SIZE];
    pthread_t thread;
    atomic_bool stopping;
    int open[MAX_OPEN];
    size_t open_count;
};

/* ---- The server ---- */

static void serve_connection(struct raw_server *server, int connection)
{
    raw_limit_silence(connection);
    if (server->serve(connection, server->data) && server->open_count < MAX_OPEN)
        server->open[server->open_count++] = connection;
    else
        close(connection);
}

static void *run(void *data)
{
    struct raw_server *server = data;

    while (!atomic_load(&server->stopping)) {
        struct pollfd readable = {.fd = server->listener, .events = POLLIN};
        poll(&readable, 1, -1);
        const int connection = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection >= 0)
            serve_connection(server, connection);
    }
    return NULL;
}

struct raw_server *raw_server_start(raw_serve_function *serve, void *data)
{
    struct raw_server *server = calloc(1, sizeof *server);

    if (server == NULL)
        return NULL;
    server->serve = serve;
    server->data = data;
    server->listener = loopback_listen(BACKLOG, 0);
    if (server->listener >= 0) {
        loopback_url(server->listener, server->url);
        if (pthread_create(&server->thread, NULL, run, server) == 0)
            return server;
        close(server->listener);
    }
    free(server);
    return NULL;
}

const char *raw_server_url(const struct raw_server *server)
{
    return server->url;
}

void raw_server_stop(struct raw_server *server)
{
    atomic_store(&server->stopping, true);
    shutdown(server->listener, SHUT_RDWR); /* wakes its thread */
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->open_count; i++)
        close(server->open[i]);
    close(server->listener);
    free(server);
}

/* ---- One request ---- */

void raw_limit_silence(int connection)
{
    const struct timeval limit = {.tv_sec = RAW_SILENCE_S};

    setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

static size_t announced_length(const char *head)
{
    static const char name[] = "\r\nContent-Length:";
    const char *header = strcasestr(head, name);

    return header != NULL ? (size_t)strtoull(header + strlen(name), NULL, 10) : 0;
}

static void end_head(struct raw_request *request, char *end, size_t received)
{
    request->body_length = received - (size_t)(end - request->head);
    *end = '\0';
    request->content_length = announced_length(request->head);
}

bool raw_read_head(int connection, struct raw_request *request)
{
    static const char blank_line[] = "\r\n\r\n";
    size_t length = 0;

    while (length < sizeof request->head - 1) {
        const ssize_t received = recv(connection, request->head + length, sizeof request->head - 1 - length, 0);
        if (received <= 0)
            return false;
        length += (size_t)received;
        char *end = memmem(request->head, length, blank_line, strlen(blank_line));
        if (end != NULL) {
            end_head(request, end + strlen(blank_line), length);
            return true;
        }
    }
    return false;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

bool raw_read_body(int connection, struct raw_request *request, size_t length)
{
    char chunk[CHUNK];

    length = smaller(length, request->content_length);
    while (request->body_length < length) {
        const ssize_t received = recv(connection, chunk, smaller(sizeof chunk, length - request->body_length), 0);
        if (received <= 0)
            return false;
        request->body_length += (size_t)received;
    }
    return true;
}

bool raw_send(int connection, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t sent = send(connection, bytes, length, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool raw_reply(int connection, const char *status, const char *headers, const char *body)
{
    const size_t size = strlen(status) + strlen(headers) + strlen(body) + 256;
    char *reply = malloc(size);

    if (reply == NULL)
        return false;
    const bool sent = raw_send(connection, reply, http_reply(reply, size, status, headers, body));
    free(reply);
    return sent;
}

void raw_reset_at_close(int connection)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

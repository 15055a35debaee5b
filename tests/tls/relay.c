#include "relay.h"

#include "loopback.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 16 * 1024, MAX_CONNECTIONS = 16, STEP_MS = 20 };

/* Data from one socket to the other. All data that was read is sent before more is read. */
struct way {
    int from;
    int target;
    size_t sent;
    size_t length;
    char bytes[CHUNK];
};

struct connection {
    bool open;
    struct way ways[2]; /* there and back */
};

struct relay {
    struct sockaddr_in server;
    int listener;
    pthread_t thread;
    atomic_bool stopping;
    atomic_size_t accepted;
    atomic_size_t silent; /* the number of connections, counted from the first, that are silent */
    struct connection connections[MAX_CONNECTIONS];
};

/* ---- One connection ---- */

static int connect_to(const struct sockaddr_in *server)
{
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || connect(fd, (const struct sockaddr *)server, sizeof *server) == 0)
        return fd;
    close(fd);
    return -1;
}

static void open_connection(struct connection *opened, int client, int server)
{
    opened->ways[0].from = opened->ways[1].target = client;
    opened->ways[0].target = opened->ways[1].from = server;
    opened->open = true;
}

static void close_connection(struct connection *closed)
{
    close(closed->ways[0].from);
    close(closed->ways[0].target);
    closed->open = false;
}

static struct pollfd what_to_await(const struct way *way)
{
    if (way->sent < way->length)
        return (struct pollfd){.fd = way->target, .events = POLLOUT};
    return (struct pollfd){.fd = way->from, .events = POLLIN};
}

/* Returns false when one side has closed the connection. */
static bool forward(struct way *way)
{
    ssize_t moved;

    if (way->sent < way->length) {
        moved = send(way->target, way->bytes + way->sent, way->length - way->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        way->sent += moved > 0 ? (size_t)moved : 0;
    } else {
        moved = recv(way->from, way->bytes, CHUNK, MSG_DONTWAIT);
        way->length = moved > 0 ? (size_t)moved : 0;
        way->sent = 0;
    }
    return moved > 0 || (moved < 0 && errno == EAGAIN);
}

/* ---- All of them ---- */

static bool passes(struct relay *relay, size_t index)
{
    return relay->connections[index].open && index >= atomic_load(&relay->silent);
}

static void accept_client(struct relay *relay)
{
    const size_t index = atomic_load(&relay->accepted);
    const int client = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC);

    if (client < 0)
        return;
    const int server = connect_to(&relay->server);
    if (server < 0) {
        close(client);
        return;
    }
    open_connection(&relay->connections[index], client, server);
    atomic_store(&relay->accepted, index + 1);
}

/* The listener, and two descriptors for each connection. poll ignores descriptors of -1. */
static void list_awaited(struct relay *relay, size_t count, struct pollfd *awaited)
{
    awaited[0] = (struct pollfd){.fd = count < MAX_CONNECTIONS ? relay->listener : -1, .events = POLLIN};
    for (size_t i = 0; i < 2 * count; i++) {
        awaited[1 + i] = what_to_await(&relay->connections[i / 2].ways[i % 2]);
        if (!passes(relay, i / 2))
            awaited[1 + i].fd = -1;
    }
}

/* Connections that are silent are not handled. */
static void forward_ready(struct relay *relay, size_t count, const struct pollfd *awaited)
{
    for (size_t i = 0; i < 2 * count; i++) {
        struct connection *ready = &relay->connections[i / 2];
        if (awaited[1 + i].revents != 0 && passes(relay, i / 2) && !forward(&ready->ways[i % 2]))
            close_connection(ready);
    }
}

static void *run(void *data)
{
    struct relay *relay = data;
    struct pollfd awaited[1 + 2 * MAX_CONNECTIONS];

    while (!atomic_load(&relay->stopping)) {
        const size_t count = atomic_load(&relay->accepted);
        list_awaited(relay, count, awaited);
        if (poll(awaited, 1 + 2 * count, STEP_MS) <= 0)
            continue;
        forward_ready(relay, count, awaited);
        if (awaited[0].revents != 0)
            accept_client(relay);
    }
    return NULL;
}

/* ---- Public functions ---- */

struct relay *relay_start(int server_port)
{
    struct relay *relay = calloc(1, sizeof *relay);

    if (relay == NULL)
        return NULL;
    relay->server = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((in_port_t)server_port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    relay->listener = loopback_listen(MAX_CONNECTIONS, 0);
    if (relay->listener >= 0) {
        if (pthread_create(&relay->thread, NULL, run, relay) == 0)
            return relay;
        close(relay->listener);
    }
    free(relay);
    return NULL;
}

int relay_port(const struct relay *relay)
{
    return ntohs(loopback_address(relay->listener).sin_port);
}

size_t relay_connections(const struct relay *relay)
{
    return atomic_load(&relay->accepted);
}

void relay_silence(struct relay *relay)
{
    atomic_store(&relay->silent, atomic_load(&relay->accepted));
}

void relay_end(struct relay *relay)
{
    atomic_store(&relay->stopping, true);
    pthread_join(relay->thread, NULL);
    for (size_t i = 0; i < MAX_CONNECTIONS; i++)
        if (relay->connections[i].open)
            close_connection(&relay->connections[i]);
    close(relay->listener);
    free(relay);
}

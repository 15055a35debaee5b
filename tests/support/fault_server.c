#include "fault_server.h"
#include "fault_connection.h"
#include "fault_journal.h"
#include "loopback.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128, SMALL_RECEIVE_BUFFER = 4096 };

/* One accepted connection and the thread that serves it. */
struct visitor {
    struct fault_server *server;
    int fd;
    size_t number;
    const struct fault_step *first_step;
    pthread_t thread;
    atomic_bool finished;
    struct visitor *next;
};

struct fault_server {
    int listener;
    int stop_fd; /* an eventfd that becomes readable at the stop; every wait of every thread watches it */
    char url[LOOPBACK_URL_SIZE];
    struct fault_journal journal;
    pthread_t acceptor;
    struct visitor *visitors; /* the acceptor's own */
};

static void *serve_visitor(void *argument)
{
    struct visitor *visitor = argument;
    struct fault_server *server = visitor->server;

    fault_connection_serve(visitor->fd, server->stop_fd, &server->journal, visitor->number, visitor->first_step);
    atomic_store(&visitor->finished, true);
    return NULL;
}

/* The stack is small, because the C library caches only a few megabytes of stacks, and mapping a new one takes longer
 * than most connections. */
static bool start_visitor(struct visitor *visitor)
{
    enum { STACK_SIZE = 512 * 1024 };
    pthread_attr_t attributes;

    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    bool started = pthread_create(&visitor->thread, &attributes, serve_visitor, visitor) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

static void welcome(struct fault_server *server, int fd)
{
    struct visitor *visitor = calloc(1, sizeof *visitor);

    if (visitor == NULL) {
        close(fd);
        return;
    }
    visitor->server = server;
    visitor->fd = fd;
    visitor->number = fault_journal_add_connection(&server->journal);
    visitor->first_step = fault_journal_take_step_on_accept(&server->journal);
    if (!start_visitor(visitor)) {
        close(fd);
        free(visitor);
        return;
    }
    visitor->next = server->visitors;
    server->visitors = visitor;
}

/* Joins the visitors that have finished, or waits for all of them. */
static void join_visitors(struct fault_server *server, bool wait_for_all)
{
    struct visitor **link = &server->visitors;

    while (*link != NULL) {
        struct visitor *visitor = *link;

        if (!wait_for_all && !atomic_load(&visitor->finished)) {
            link = &visitor->next;
            continue;
        }
        pthread_join(visitor->thread, NULL);
        *link = visitor->next;
        free(visitor);
    }
}

static bool wait_for_visitor(const struct fault_server *server)
{
    struct pollfd watched[] = {{.fd = server->listener, .events = POLLIN}, {.fd = server->stop_fd, .events = POLLIN}};

    poll(watched, 2, -1);
    return watched[1].revents == 0;
}

static void *accept_visitors(void *argument)
{
    struct fault_server *server = argument;

    while (wait_for_visitor(server)) {
        int fd = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

        join_visitors(server, false);
        if (fd >= 0)
            welcome(server, fd);
    }
    join_visitors(server, true);
    return NULL;
}

/* A small receive buffer makes an upload stall early. It would slow down a script that reads everything. */
static int receive_buffer_for(const struct fault_step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (steps[i].reading != FAULT_READ_REQUEST)
            return SMALL_RECEIVE_BUFFER;
    }
    return 0;
}

/* The thread blocks all signals, so that signals to the process reach the test's own threads. */
static bool start_acceptor(struct fault_server *server)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&server->acceptor, NULL, accept_visitors, server) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

static bool open_server(struct fault_server *server, int receive_buffer)
{
    server->stop_fd = eventfd(0, EFD_CLOEXEC);
    server->listener = loopback_listen(BACKLOG, receive_buffer);
    if (server->stop_fd < 0 || server->listener < 0)
        return false;
    loopback_url(server->listener, server->url);
    return start_acceptor(server);
}

static void free_server(struct fault_server *server)
{
    if (server->stop_fd >= 0)
        close(server->stop_fd);
    if (server->listener >= 0)
        close(server->listener);
    fault_journal_release(&server->journal);
    free(server);
}

struct fault_server *fault_server_start(const struct fault_step *steps, size_t count)
{
    struct fault_server *server = calloc(1, sizeof *server);

    if (server == NULL)
        return NULL;
    if (!fault_journal_init(&server->journal, steps, count)) {
        free(server);
        return NULL;
    }
    if (!open_server(server, receive_buffer_for(steps, count))) {
        free_server(server);
        return NULL;
    }
    return server;
}

const char *fault_server_url(const struct fault_server *server)
{
    return server->url;
}

void fault_server_stop(struct fault_server *server)
{
    eventfd_write(server->stop_fd, 1);
    pthread_join(server->acceptor, NULL);
    free_server(server);
}

size_t fault_server_connection_count(struct fault_server *server)
{
    return fault_journal_connection_count(&server->journal);
}

size_t fault_server_request_count(struct fault_server *server)
{
    return fault_journal_request_count(&server->journal);
}

bool fault_server_await_connections(struct fault_server *server, size_t count, int timeout_ms)
{
    return fault_journal_await_connections(&server->journal, count, timeout_ms);
}

bool fault_server_await_requests(struct fault_server *server, size_t count, int timeout_ms)
{
    return fault_journal_await_requests(&server->journal, count, timeout_ms);
}

bool fault_server_await_played(struct fault_server *server, size_t count, int timeout_ms)
{
    return fault_journal_await_played(&server->journal, count, timeout_ms);
}

const struct fault_request *fault_server_request(struct fault_server *server, size_t index)
{
    return fault_journal_request(&server->journal, index);
}

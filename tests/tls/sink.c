#include "sink.h"

#include "http_reply.h"
#include "loopback.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, MAX_HEAD = 16 * 1024, STUCK_AFTER_US = 300 * 1000, STEP_MS = 20, MAX_SILENCE_MS = 60000 };

struct sink {
    struct sink_plan plan;
    int listener;
    char url[LOOPBACK_URL_SIZE];
    pthread_t thread;
    atomic_bool stopping;
    size_t uploads;
    size_t first_length;
    size_t last_length;
    bool last_was_whole;
};

/* Waits until a descriptor is readable. Returns false if the sink is being stopped, or after a time limit. */
static bool await_bytes(struct sink *sink, int fd)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};

    for (int waited_ms = 0; waited_ms < MAX_SILENCE_MS; waited_ms += STEP_MS) {
        if (poll(&readable, 1, STEP_MS) > 0)
            return true;
        if (atomic_load(&sink->stopping))
            return false;
    }
    return false;
}

static ssize_t receive(struct sink *sink, int connection, char *to, size_t size)
{
    return await_bytes(sink, connection) ? recv(connection, to, size, 0) : -1;
}

static size_t announced_length(const char *head)
{
    const char *line = strcasestr(head, "\r\nContent-Length:");
    return line != NULL ? (size_t)strtoull(line + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

/* Reads the head, and reports how much of the body was read with it. Returns false if the head is incomplete. */
static bool read_head(struct sink *sink, int connection, size_t *announced, size_t *got)
{
    char head[MAX_HEAD + 1];
    size_t length = 0;

    while (length < MAX_HEAD) {
        const ssize_t more = receive(sink, connection, head + length, MAX_HEAD - length);
        if (more <= 0)
            return false;
        length += (size_t)more;
        head[length] = '\0';
        const char *end = strstr(head, "\r\n\r\n");
        if (end != NULL) {
            *announced = announced_length(head);
            *got = length - (size_t)(end + 4 - head);
            return true;
        }
    }
    return false;
}

static void act(const struct sink *sink)
{
    if (sink->plan.stop_reading)
        usleep(STUCK_AFTER_US);
    sink->plan.action(sink->plan.context);
}

/* Reads the body, or as much of it as arrives. */
static void read_body(struct sink *sink, int connection, size_t announced)
{
    char chunk[CHUNK];
    bool acted = sink->plan.threshold == 0 || sink->uploads > 1;

    while (sink->last_length < announced) {
        const ssize_t more = receive(sink, connection, chunk, sizeof chunk);
        if (more <= 0)
            return;
        sink->last_length += (size_t)more;
        if (!acted && sink->last_length >= sink->plan.threshold) {
            acted = true;
            act(sink);
        }
    }
}

static void serve(struct sink *sink, int connection)
{
    char reply[256];
    size_t announced = 0;

    if (!read_head(sink, connection, &announced, &sink->last_length))
        return;
    sink->uploads++;
    read_body(sink, connection, announced);
    sink->last_was_whole = sink->last_length == announced;
    if (sink->uploads == 1)
        sink->first_length = sink->last_length;
    if (!sink->last_was_whole)
        return;
    const size_t length = http_reply(reply, sizeof reply, "201 Created",
                                     "Content-Type: application/json\r\nConnection: close\r\n", SINK_REPLY);
    (void)!send(connection, reply, length, MSG_NOSIGNAL);
}

static void *run(void *data)
{
    struct sink *sink = data;

    while (!atomic_load(&sink->stopping)) {
        struct pollfd readable = {.fd = sink->listener, .events = POLLIN};
        if (poll(&readable, 1, STEP_MS) <= 0)
            continue;
        const int connection = accept4(sink->listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        serve(sink, connection);
        close(connection);
    }
    return NULL;
}

struct sink *sink_start(const struct sink_plan *plan)
{
    struct sink *sink = calloc(1, sizeof *sink);

    if (sink == NULL)
        return NULL;
    sink->plan = *plan;
    sink->listener = loopback_listen(16, 0);
    if (sink->listener >= 0) {
        loopback_url(sink->listener, sink->url);
        if (pthread_create(&sink->thread, NULL, run, sink) == 0)
            return sink;
        close(sink->listener);
    }
    free(sink);
    return NULL;
}

const char *sink_url(const struct sink *sink)
{
    return sink->url;
}

void sink_stop(struct sink *sink)
{
    atomic_store(&sink->stopping, true);
    pthread_join(sink->thread, NULL);
    close(sink->listener);
}

size_t sink_uploads(const struct sink *sink)
{
    return sink->uploads;
}

size_t sink_first_length(const struct sink *sink)
{
    return sink->first_length;
}

size_t sink_last_length(const struct sink *sink)
{
    return sink->last_length;
}

bool sink_last_was_whole(const struct sink *sink)
{
    return sink->last_was_whole;
}

void sink_free(struct sink *sink)
{
    free(sink);
}

/* A fast service of canned replies on loopback, over plain connections and over TLS, on the last core:
 *
 *     server CERTIFICATE KEY
 *
 * It prints "http PORT" and "https PORT", and serves until it is killed. Requests are read completely, but only the
 * request line and Content-Length are evaluated. GET /counters returns the number of connections and requests so
 * far, without its own. */
#include "canned.h"
#include "core.h"
#include "stream.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { MAX_HEAD = 8192, READ_SIZE = 256 * 1024 };

static void fail(const char *what)
{
    fprintf(stderr, "server: %s\n", what);
    exit(1);
}

/* ---- Replies ---- */

struct canned_reply {
    const char *request; /* how the request begins */
    const char *status;
    char *(*body)(void);
    char *text; /* with the head */
    size_t length;
};

/* The first reply whose request matches is sent. The space ends the path. */
static struct canned_reply replies[] = {
    {.request = "GET " SMALL_SPEC_PATH " ", .status = "200 OK", .body = canned_small_spec},
    {.request = "GET " SPEC_PATH " ", .status = "200 OK", .body = canned_spec},
    {.request = "POST " INFERENCE_PATH " ", .status = "200 OK", .body = canned_submission},
    {.request = "GET " TASKS_PATH TASK_ID " ", .status = "200 OK", .body = canned_task},
    {.request = "POST " SPECS_PATH " ", .status = "201 Created", .body = canned_created_spec},
};

enum { REPLY_COUNT = sizeof replies / sizeof *replies };

static char *reply_text(const char *status, const char *body, size_t *length)
{
    char *text = NULL;
    const int printed = asprintf(&text,
                                 "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                                 "Connection: keep-alive\r\n\r\n%s",
                                 status, strlen(body), body);
    if (printed < 0)
        fail("out of memory");
    *length = (size_t)printed;
    return text;
}

static void prepare_replies(void)
{
    for (int i = 0; i < REPLY_COUNT; i++) {
        char *body = replies[i].body();
        replies[i].text = reply_text(replies[i].status, body, &replies[i].length);
        free(body);
    }
}

/* ---- Connections ---- */

struct connection {
    struct stream stream;
    char head[MAX_HEAD];
    size_t head_length;
    uint64_t body_left;
    bool in_body;
    bool counted;
};

static unsigned long connection_count;
static unsigned long request_count;

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool send_counters(struct connection *connection)
{
    char body[64];
    size_t length;
    snprintf(body, sizeof body, "%lu %lu\n", connection_count, request_count);
    char *text = reply_text("200 OK", body, &length);
    const bool sent = stream_send(&connection->stream, text, length);
    free(text);
    return sent;
}

static void count(struct connection *connection)
{
    connection_count += !connection->counted;
    connection->counted = true;
    request_count++;
}

static bool answer(struct connection *connection)
{
    static const char not_found[] = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
    if (begins_with(connection->head, "GET /counters "))
        return send_counters(connection);
    count(connection);
    for (int i = 0; i < REPLY_COUNT; i++)
        if (begins_with(connection->head, replies[i].request))
            return stream_send(&connection->stream, replies[i].text, replies[i].length);
    return stream_send(&connection->stream, not_found, sizeof not_found - 1);
}

static uint64_t content_length(const char *head)
{
    static const char name[] = "\r\nContent-Length:";
    const char *found = strcasestr(head, name);
    return found != NULL ? strtoull(found + sizeof name - 1, NULL, 10) : 0;
}

/* Takes the bytes that belong to the head, and returns their number; 0 if they do not fit. */
static size_t take_head(struct connection *connection, const char *data, size_t length)
{
    const size_t before = connection->head_length;
    const size_t room = MAX_HEAD - 1 - before;
    const size_t taken = length < room ? length : room;
    memcpy(connection->head + before, data, taken);
    connection->head[before + taken] = '\0';
    connection->head_length += taken;

    const char *end = strstr(connection->head, "\r\n\r\n");
    if (end == NULL)
        return taken;
    connection->in_body = true;
    connection->body_left = content_length(connection->head);
    return (size_t)(end + 4 - connection->head) - before;
}

/* Returns false if the connection cannot be used any more. */
static bool take(struct connection *connection, const char *data, size_t length)
{
    while (length > 0) {
        size_t taken = connection->body_left < length ? (size_t)connection->body_left : length;
        if (connection->in_body)
            connection->body_left -= taken;
        else if ((taken = take_head(connection, data, length)) == 0)
            return false;
        data += taken;
        length -= taken;
        if (!connection->in_body || connection->body_left > 0)
            continue;
        connection->in_body = false;
        connection->head_length = 0;
        if (!answer(connection))
            return false;
    }
    return true;
}

static bool receive(struct connection *connection)
{
    static char buffer[READ_SIZE];
    do {
        const size_t length = stream_receive(&connection->stream, buffer, sizeof buffer);
        if (length == 0 || !take(connection, buffer, length))
            return false;
    } while (stream_holds_bytes(&connection->stream));
    return true;
}

static void close_connection(struct connection *connection)
{
    stream_close(&connection->stream);
    free(connection);
}

/* ---- The loop ---- */

static void watch(int poller, int descriptor, void *context)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = context}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, descriptor, &event) != 0)
        fail("epoll_ctl");
}

static void accept_connection(int poller, const struct listener *listener)
{
    struct connection *connection = calloc(1, sizeof *connection);
    if (connection == NULL)
        fail("out of memory");
    if (stream_accept(&connection->stream, listener))
        watch(poller, connection->stream.descriptor, connection);
    else
        free(connection);
}

static void serve(struct listener *listeners, int listener_count)
{
    const int poller = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < listener_count; i++)
        watch(poller, listeners[i].descriptor, &listeners[i]);
    for (;;) {
        struct epoll_event event;
        if (epoll_wait(poller, &event, 1, -1) != 1)
            continue;
        const struct listener *listener = event.data.ptr;
        if (listener == &listeners[0] || listener == &listeners[1])
            accept_connection(poller, listener);
        else if (!receive(event.data.ptr))
            close_connection(event.data.ptr);
    }
}

int main(int argc, char **argv)
{
    if (argc != 3)
        fail("usage: server CERTIFICATE KEY");
    signal(SIGPIPE, SIG_IGN);
    core_use_last();
    prepare_replies();
    struct listener listeners[2] = {listener_open(), listener_open()};
    if (!listener_use_tls(&listeners[1], argv[1], argv[2]))
        fail("the certificate cannot be used");
    printf("http %d\nhttps %d\n", listeners[0].port, listeners[1].port);
    fflush(stdout);
    serve(listeners, 2);
}

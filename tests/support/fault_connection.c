#include "fault_connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DRIP_PAUSE_MS = 1, UNASKED_PAUSE_MS = 30 };

struct connection {
    int fd;
    int stop_fd;
    struct fault_journal *journal;
    size_t number;
    char buffer[64 * 1024]; /* received and not consumed yet; its size also limits the head of a request */
    size_t buffered;
};

/* False once the server is being stopped. */
static bool wait_until_ready(const struct connection *connection, short events)
{
    struct pollfd watched[] = {{.fd = connection->fd, .events = events}, {.fd = connection->stop_fd, .events = POLLIN}};

    poll(watched, 2, -1);
    return watched[1].revents == 0;
}

static bool pause_unless_stopped(const struct connection *connection, int milliseconds)
{
    struct pollfd stop = {.fd = connection->stop_fd, .events = POLLIN};

    return poll(&stop, 1, milliseconds) <= 0;
}

/* Returns true when the client has begun to send. Consumes nothing, so that a step may leave the request unread. */
static bool request_begins(const struct connection *connection)
{
    char byte;

    if (connection->buffered > 0)
        return true;
    return wait_until_ready(connection, POLLIN) && recv(connection->fd, &byte, 1, MSG_PEEK) == 1;
}

/* False when the server is being stopped, the client has hung up or the buffer is full. */
static bool receive_more(struct connection *connection)
{
    size_t room = sizeof connection->buffer - connection->buffered;

    if (!wait_until_ready(connection, POLLIN))
        return false;
    ssize_t received = recv(connection->fd, connection->buffer + connection->buffered, room, 0);
    if (received <= 0)
        return false;
    connection->buffered += (size_t)received;
    return true;
}

static void consume(struct connection *connection, size_t length)
{
    connection->buffered -= length;
    memmove(connection->buffer, connection->buffer + length, connection->buffered);
}

static size_t announced_length(const char *head)
{
    static const char name[] = "\r\nContent-Length:";
    const char *header = strcasestr(head, name);

    return header != NULL ? (size_t)strtoull(header + strlen(name), NULL, 10) : 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct fault_request *new_request(size_t connection, const char *head, size_t head_length)
{
    struct fault_request *request = calloc(1, sizeof *request);

    if (request == NULL)
        return NULL;
    size_t method_length = strcspn(head, " \r\n");
    const char *target = head + method_length + strspn(head + method_length, " ");
    request->connection = connection;
    request->method = strndup(head, method_length);
    request->target = strndup(target, strcspn(target, " \r\n"));
    request->head = strndup(head, head_length);
    request->content_length = request->head != NULL ? announced_length(request->head) : 0;
    request->body = calloc(1, smaller(request->content_length, FAULT_BODY_KEPT) + 1);
    if (request->method == NULL || request->target == NULL || request->head == NULL || request->body == NULL) {
        fault_request_free(request);
        return NULL;
    }
    return request;
}

/* Returns NULL if the head does not arrive completely. */
static struct fault_request *read_head(struct connection *connection)
{
    static const char blank_line[] = "\r\n\r\n";
    const char *end;

    while ((end = memmem(connection->buffer, connection->buffered, blank_line, strlen(blank_line))) == NULL) {
        if (!receive_more(connection))
            return NULL;
    }
    size_t head_length = (size_t)(end - connection->buffer) + strlen(blank_line);
    struct fault_request *request = new_request(connection->number, connection->buffer, head_length);
    consume(connection, head_length);
    return request;
}

static void keep_body(struct fault_request *request, const char *bytes, size_t length)
{
    size_t kept = smaller(length, FAULT_BODY_KEPT - request->body_kept);

    memcpy(request->body + request->body_kept, bytes, kept);
    request->body_kept += kept;
    request->body_length += length;
}

static bool read_body(struct connection *connection, struct fault_request *request)
{
    while (request->body_length < request->content_length) {
        if (connection->buffered == 0 && !receive_more(connection))
            return false;
        size_t length = smaller(connection->buffered, request->content_length - request->body_length);
        keep_body(request, connection->buffer, length);
        consume(connection, length);
    }
    return true;
}

/* A request whose body is cut off is still recorded, because a test may check how much arrived. */
static bool read_request(struct connection *connection, enum fault_reading reading)
{
    if (reading == FAULT_READ_NOTHING)
        return true;
    struct fault_request *request = read_head(connection);
    if (request == NULL)
        return false;
    bool whole = reading == FAULT_READ_HEAD || read_body(connection, request);
    return fault_journal_add_request(connection->journal, request) && whole;
}

static bool send_bytes(const struct connection *connection, const char *bytes, size_t length)
{
    while (length > 0) {
        if (!wait_until_ready(connection, POLLOUT))
            return false;
        ssize_t sent = send(connection->fd, bytes, length, MSG_NOSIGNAL);
        if (sent < 0)
            return false;
        bytes += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool send_dripping(const struct connection *connection, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (!send_bytes(connection, bytes + i, 1) || !pause_unless_stopped(connection, DRIP_PAUSE_MS))
            return false;
    }
    return true;
}

static bool send_reply(const struct connection *connection, const struct fault_step *step)
{
    bool (*send_all)(const struct connection *, const char *, size_t) = step->drip ? send_dripping : send_bytes;

    if (!send_all(connection, step->reply, step->reply_length))
        return false;
    while (step->endless_tail > 0) {
        if (!send_all(connection, step->reply + step->reply_length - step->endless_tail, step->endless_tail))
            return false;
    }
    return true;
}

static bool send_unasked(const struct connection *connection, const struct fault_step *step)
{
    return step->unasked == NULL || (pause_unless_stopped(connection, UNASKED_PAUSE_MS) &&
                                     send_bytes(connection, step->unasked, strlen(step->unasked)));
}

static void close_with_reset(const struct connection *connection)
{
    struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* True when the connection stays open for another request. */
static bool play_step(struct connection *connection, const struct fault_step *step)
{
    if (!read_request(connection, step->reading) || !send_reply(connection, step) || !send_unasked(connection, step))
        return false;
    if (step->ending == FAULT_THEN_STALL)
        wait_until_ready(connection, POLLRDHUP);
    if (step->ending == FAULT_THEN_RESET)
        close_with_reset(connection);
    return step->ending == FAULT_THEN_KEEP_OPEN;
}

/* A step that closes the connection counts as played after the close. */
static bool play(struct connection *connection, const struct fault_step *step)
{
    const bool stays_open = play_step(connection, step);
    if (stays_open)
        fault_journal_note_played(connection->journal);
    return stays_open;
}

static void send_without_delay(int fd)
{
    int enabled = 1;

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof enabled);
}

void fault_connection_serve(int fd, int stop_fd, struct fault_journal *journal, size_t number,
                            const struct fault_step *first_step)
{
    struct connection connection; /* the buffer is not set to zero: there are many short connections */
    bool open = true;

    connection.fd = fd;
    connection.stop_fd = stop_fd;
    connection.journal = journal;
    connection.number = number;
    connection.buffered = 0;
    send_without_delay(fd);
    if (first_step != NULL)
        open = play(&connection, first_step);
    while (open && request_begins(&connection))
        open = play(&connection, fault_journal_take_step(journal));
    close(fd);
    if (!open)
        fault_journal_note_played(journal);
}

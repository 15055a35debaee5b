/*
 * An HTTP server on 127.0.0.1 with faults that the test selects. It runs in threads of the test process and plays a
 * script: each request, on any connection, takes the next step; the last step repeats. Connections are served
 * concurrently, so a stalled connection does not delay the others.
 */
#ifndef SUPPORT_FAULT_SERVER_H
#define SUPPORT_FAULT_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* How much of the request is read before the reply is sent. */
enum fault_reading {
    FAULT_READ_REQUEST, /* head, and as many bytes of body as its Content-Length says */
    FAULT_READ_HEAD,    /* head only; with FAULT_THEN_STALL, an upload gets stuck */
    FAULT_READ_NOTHING, /* a new connection takes such a step at once, without waiting for a request */
};

/* What happens to the connection after the reply. */
enum fault_ending {
    FAULT_THEN_KEEP_OPEN, /* it may carry further requests */
    FAULT_THEN_CLOSE,
    FAULT_THEN_RESET, /* RST; the end of a reply that is larger than the client's receive window is lost */
    FAULT_THEN_STALL, /* silence until the client hangs up or the server is stopped */
};

/* A step with only a reply, and zero elsewhere, sends that reply. */
struct fault_step {
    const char *reply; /* any bytes, perhaps none; borrowed until the server is stopped */
    size_t reply_length;
    bool drip;           /* one byte at a time, a millisecond apart */
    size_t endless_tail; /* if not 0, that many bytes at the end of the reply are repeated without end */
    const char *unasked; /* if not NULL, sent a while after the reply; borrowed too */
    enum fault_reading reading;
    enum fault_ending ending;
};

/* The number of bytes of a request's body that are stored for the test. */
#define FAULT_BODY_KEPT ((size_t)64 * 1024)

/* A request, or the part of it that was read. It never changes and is valid until the server is stopped. */
struct fault_request {
    size_t connection; /* 1 is the first one accepted */
    char *method;
    char *target;
    char *head;            /* request line and headers, with the blank line that ends them */
    size_t content_length; /* as announced; 0 when it was not */
    size_t body_length;    /* as read */
    char *body;            /* its first body_kept bytes, and a NUL */
    size_t body_kept;
};

struct fault_server;

/* Copies the steps; there must be at least one. Returns NULL on failure. */
struct fault_server *fault_server_start(const struct fault_step *steps, size_t count);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *fault_server_url(const struct fault_server *server);

/* Closes every connection, whatever its state, joins all threads and frees everything. */
void fault_server_stop(struct fault_server *server);

/* Connections accepted and requests received until now. Steps that read nothing receive no request. */
size_t fault_server_connection_count(struct fault_server *server);
size_t fault_server_request_count(struct fault_server *server);

/* Wait until there have been that many. Return false after the timeout. */
bool fault_server_await_connections(struct fault_server *server, size_t count, int timeout_ms);
bool fault_server_await_requests(struct fault_server *server, size_t count, int timeout_ms);

/* Waits until that many steps have been played to their end: what they send has been sent, and the connections that
 * they close are closed. Returns false after the timeout. */
bool fault_server_await_played(struct fault_server *server, size_t count, int timeout_ms);

/* Returns a request by its index (0 is the first one), or NULL if it has not been received yet. */
const struct fault_request *fault_server_request(struct fault_server *server, size_t index);

#endif

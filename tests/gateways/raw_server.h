/* A server on 127.0.0.1 that passes one connection after the other to a function of the test, and helpers for such
 * functions. They do not assert, because they run in another thread. */
#ifndef GATEWAYS_RAW_SERVER_H
#define GATEWAYS_RAW_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Serves a blocking socket. True: the connection stays open until the server is stopped; false: it is closed now. */
typedef bool raw_serve_function(int connection, void *data);

struct raw_server;

/* NULL on failure. */
struct raw_server *raw_server_start(raw_serve_function *serve, void *data);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *raw_server_url(const struct raw_server *server);

/* Stops the server and closes all its connections. Afterwards the test may read what the function wrote. */
void raw_server_stop(struct raw_server *server);

/* ---- One request ---- */

enum { RAW_MAX_HEAD = 32 * 1024, RAW_SILENCE_S = 5 };

struct raw_request {
    char head[RAW_MAX_HEAD]; /* request line and headers, with a NUL */
    size_t content_length;   /* 0 if the request has no Content-Length */
    size_t body_length;      /* bytes read so far */
};

/* Makes recv on the connection time out after RAW_SILENCE_S seconds. */
void raw_limit_silence(int connection);

/* Returns false if the head does not arrive completely. It may also read some bytes of the body. */
bool raw_read_head(int connection, struct raw_request *request);

/* Reads until it has this number of bytes of the body, or all of it. Returns false if fewer arrive. */
bool raw_read_body(int connection, struct raw_request *request, size_t length);

/* Returns false if the connection breaks first. */
bool raw_send(int connection, const char *bytes, size_t length);

/* Sends a complete reply. The status is such as "200 OK"; the headers are complete lines, or "". */
bool raw_reply(int connection, const char *status, const char *headers, const char *body);

/* Makes the next close send an RST. */
void raw_reset_at_close(int connection);

#endif

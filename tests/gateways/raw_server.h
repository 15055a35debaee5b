/* A server on 127.0.0.1 that leaves each connection, one after the other, to a function of the test; and what such
 * functions are made of. Nothing in here asserts, because it runs in another thread. */
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

/* Ends the server and all its connections. After that the test may read what the function wrote. */
void raw_server_stop(struct raw_server *server);

/* ---- One request ---- */

enum { RAW_MAX_HEAD = 32 * 1024, RAW_SILENCE_S = 5 };

struct raw_request {
    char head[RAW_MAX_HEAD]; /* request line and headers, with a NUL */
    size_t content_length;   /* as announced; 0 when it was not */
    size_t body_length;      /* as read until now */
};

/* A recv on the connection gives up after RAW_SILENCE_S seconds. */
void raw_limit_silence(int connection);

/* False if no whole head arrives. Some bytes of the body may come with it. */
bool raw_read_head(int connection, struct raw_request *request);

/* Reads until there are that many bytes of the body, or all. False if fewer arrive. */
bool raw_read_body(int connection, struct raw_request *request, size_t length);

/* False if the connection breaks first. */
bool raw_send(int connection, const char *bytes, size_t length);

/* Sends a whole reply. status is "200 OK"; headers are whole lines, or "". */
bool raw_reply(int connection, const char *status, const char *headers, const char *body);

/* The close that follows sends an RST. */
void raw_reset_at_close(int connection);

#endif

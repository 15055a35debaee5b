/*
 * The sandbox's request log: JSON lines, one object for each request with connection, method, path, query, headers,
 * content_length, body_length, body_sha256, body, parts and status.
 */
#ifndef SUPPORT_REQUEST_LOG_H
#define SUPPORT_REQUEST_LOG_H

#include <cjson/cJSON.h>
#include <stddef.h>

struct request_log {
    cJSON **items;
    size_t count;
};

/* How many requests are in the file. */
size_t request_log_count(const char *path);

/* Reads the requests after the first `skipped` ones. NULL when the file cannot be read or a line is not an object. */
struct request_log *request_log_read(const char *path, size_t skipped);

/* NULL is fine. */
void request_log_free(struct request_log *log);

#endif

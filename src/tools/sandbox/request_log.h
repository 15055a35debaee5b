/* The request log: one JSON object for each request, one per line. The status 0 means that no reply was sent. */
#ifndef SANDBOX_REQUEST_LOG_H
#define SANDBOX_REQUEST_LOG_H

#include "request.h"

struct request_log;

/* Opens a log for appending. Returns NULL on failure, and sets errno. */
struct request_log *request_log_open(const char *path);
void request_log_close(struct request_log *log);

/* Writes one line, and flushes it to the file. */
void request_log_write(struct request_log *log, const struct request *request, unsigned status);

#endif

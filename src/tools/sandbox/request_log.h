/* The request log: what was really sent, one JSON object a line. */
#ifndef SANDBOX_REQUEST_LOG_H
#define SANDBOX_REQUEST_LOG_H

#include "request.h"

struct request_log;

/* Opens a log to append to, or gives NULL and sets errno. */
struct request_log *request_log_open(const char *path);
void request_log_close(struct request_log *log);

/* Writes one line, which is in the file when this returns. */
void request_log_write(struct request_log *log, const struct request *request, unsigned status);

#endif

/* Sends a request as raw bytes, and reports how the server responds. */
#ifndef SANDBOX_RAW_EXCHANGE_H
#define SANDBOX_RAW_EXCHANGE_H

#include <stddef.h>

enum raw_end {
    RAW_FAILED,    /* no connection, or not everything was sent */
    RAW_CLOSED,    /* the server closed the connection */
    RAW_RESET,     /* the server reset the connection */
    RAW_TIMED_OUT, /* nothing arrived for the time limit */
};

struct raw_answer {
    enum raw_end end;
    char *text; /* everything that arrived, and a NUL; to be freed */
    size_t size;
};

/* Sends the bytes to "http://127.0.0.1:PORT" and reads until the connection is closed. */
struct raw_answer raw_exchange(const char *url, const void *request, size_t size, int time_limit_ms);

#endif

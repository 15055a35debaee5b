/* Limits the requests per second (--rate-limit), in the ways of real services. */
#ifndef SANDBOX_RATE_LIMIT_H
#define SANDBOX_RATE_LIMIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum rate_limit_kind {
    RATE_LIMIT_SLIDING, /* per_second requests in any second */
    RATE_LIMIT_FIXED,   /* per_second requests in each second of the clock */
    RATE_LIMIT_BUCKET,  /* a bucket of per_second requests, which is refilled steadily */
};

struct rate_limit {
    enum rate_limit_kind kind;
    int64_t per_second; /* 0: no limit */
    pthread_mutex_t lock;
    int64_t *accepted;      /* sliding: the times of the last accepted requests, as a ring */
    int64_t accepted_count; /* sliding */
    double left;            /* fixed and bucket: number of requests that are still allowed */
    int64_t refilled_at;    /* fixed and bucket */
};

void rate_limit_open(struct rate_limit *limit, enum rate_limit_kind kind, int64_t per_second);
void rate_limit_close(struct rate_limit *limit);

/* Counts a request if it may be answered now, and returns whether it may. Any thread may call it. */
bool rate_limit_take(struct rate_limit *limit);

#endif

/* Monotonic time in milliseconds, and deadlines on it. */
#ifndef DM_CLOCK_H
#define DM_CLOCK_H

#include <stdint.h>

#define CLOCK_NEVER INT64_MAX

int64_t clock_now(void);

/* Returns the time `delay_ms` from now, or CLOCK_NEVER if delay_ms is negative or the sum would overflow. */
int64_t clock_after(int64_t delay_ms);

/* Milliseconds from `now` until `then`, at least 0. */
static inline int64_t clock_until(int64_t now, int64_t then)
{
    return then > now ? then - now : 0;
}

/* Whole seconds, rounded up. */
static inline int64_t clock_seconds(int64_t milliseconds)
{
    return milliseconds / 1000 + (milliseconds % 1000 > 0);
}

static inline int64_t clock_earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t clock_later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

#endif

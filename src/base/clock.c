#include "base/clock.h"

#include <time.h>

int64_t clock_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_after(int64_t delay_ms)
{
    const int64_t now = clock_now();
    return delay_ms < 0 || delay_ms >= CLOCK_NEVER - now ? CLOCK_NEVER : now + delay_ms;
}

#include "rate_limit.h"

#include "clock.h"
#include "memory.h"

#include <stdlib.h>

void rate_limit_open(struct rate_limit *limit, enum rate_limit_kind kind, int64_t per_second)
{
    *limit = (struct rate_limit){.kind = kind, .per_second = per_second, .left = (double)per_second};
    limit->accepted = memory_new((size_t)per_second, sizeof *limit->accepted);
    limit->refilled_at = clock_milliseconds();
    pthread_mutex_init(&limit->lock, NULL);
}

void rate_limit_close(struct rate_limit *limit)
{
    pthread_mutex_destroy(&limit->lock);
    free(limit->accepted);
}

/* The oldest of the last per_second accepted requests must have been at least a second ago. */
static bool take_from_sliding_window(struct rate_limit *limit, int64_t now)
{
    int64_t *oldest = &limit->accepted[limit->accepted_count % limit->per_second];

    if (limit->accepted_count >= limit->per_second && now - *oldest < 1000)
        return false;
    *oldest = now;
    limit->accepted_count++;
    return true;
}

static void refill(struct rate_limit *limit, int64_t now)
{
    const double full = (double)limit->per_second;

    if (limit->kind == RATE_LIMIT_BUCKET)
        limit->left += full * (double)(now - limit->refilled_at) / 1000;
    else if (now / 1000 != limit->refilled_at / 1000)
        limit->left = full;
    limit->left = limit->left < full ? limit->left : full;
    limit->refilled_at = now;
}

static bool take_from_allowance(struct rate_limit *limit, int64_t now)
{
    refill(limit, now);
    if (limit->left < 1)
        return false;
    limit->left--;
    return true;
}

bool rate_limit_take(struct rate_limit *limit)
{
    bool taken;
    int64_t now;

    if (limit->per_second == 0)
        return true;
    pthread_mutex_lock(&limit->lock);
    now = clock_milliseconds();
    taken = limit->kind == RATE_LIMIT_SLIDING ? take_from_sliding_window(limit, now) : take_from_allowance(limit, now);
    pthread_mutex_unlock(&limit->lock);
    return taken;
}

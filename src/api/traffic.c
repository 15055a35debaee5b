#include "api/traffic.h"

#include "base/clock.h"

void traffic_init(struct traffic *traffic, struct engine *engine, int max_connections)
{
    *traffic = (struct traffic){.engine = engine, .max_connections = max_connections};
    throttle_init(&traffic->throttle, max_connections);
}

int64_t traffic_ready_at(const struct traffic *traffic)
{
    return traffic->running < traffic->max_connections ? throttle_ready_at(&traffic->throttle) : CLOCK_NEVER;
}

void traffic_start(struct traffic *traffic, struct exchange *exchange)
{
    engine_start(traffic->engine, exchange);
    traffic->running++;
    throttle_note_sent(&traffic->throttle, exchange->started_at);
}

/* Returns the pause after a rejection: its Retry-After, or the delay of the retry. A poll is not retried, but waits as
 * long. */
static int64_t pause_after(const struct exchange *exchange, int64_t now)
{
    if (exchange->last.retry_after_ms >= 0)
        return exchange->last.retry_after_ms;
    return exchange->end == EXCHANGE_OPEN ? clock_until(now, exchange->ready_at) : exchange->policy->delay_ms;
}

static void learn(struct throttle *throttle, const struct exchange *exchange)
{
    const int64_t now = clock_now();
    if (exchange->http_status == 0)
        return; /* without an answer, nothing is known about the service's limits */
    if (retry_was_rejected(&exchange->last))
        throttle_note_rejected(throttle, now, exchange->started_at, pause_after(exchange, now));
    else
        throttle_note_answered(throttle, now);
}

struct exchange *traffic_next(struct traffic *traffic, int64_t wake_at)
{
    struct exchange *exchange = engine_next(traffic->engine, wake_at);
    if (exchange == NULL)
        return NULL;
    traffic->running--;
    learn(&traffic->throttle, exchange);
    return exchange;
}

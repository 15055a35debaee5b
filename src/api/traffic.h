/* What a queue has on its way: requests over a bounded number of connections, as fast as the service lets it. */
#ifndef DM_TRAFFIC_H
#define DM_TRAFFIC_H

#include "api/throttle.h"
#include "transport/engine.h"

struct traffic {
    struct engine *engine;
    struct throttle throttle;
    int max_connections;
    int running; /* exchanges, each on a connection of its own */
};

void traffic_init(struct traffic *traffic, struct engine *engine, int max_connections);

/* When the next request may be started; CLOCK_NEVER if no connection is free: then one must come back first. */
int64_t traffic_ready_at(const struct traffic *traffic);

void traffic_start(struct traffic *traffic, struct exchange *exchange);

/* The next exchange that comes back from the engine; NULL at the time wake_at, or if the engine is woken. */
struct exchange *traffic_next(struct traffic *traffic, int64_t wake_at);

#endif

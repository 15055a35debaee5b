/* The running requests of a queue: a limited number of connections, at the rate that the service allows. */
#ifndef DM_TRAFFIC_H
#define DM_TRAFFIC_H

#include "api/throttle.h"
#include "transport/engine.h"

struct traffic {
    struct engine *engine;
    struct throttle throttle;
    int max_connections;
    int running; /* running exchanges, each on its own connection */
};

void traffic_init(struct traffic *traffic, struct engine *engine, int max_connections);

/* Returns when the next request may be started, or CLOCK_NEVER if no connection is free. */
int64_t traffic_ready_at(const struct traffic *traffic);

void traffic_start(struct traffic *traffic, struct exchange *exchange);

/* Returns the next exchange from the engine; NULL at the time wake_at, or if the engine is woken. */
struct exchange *traffic_next(struct traffic *traffic, int64_t wake_at);

#endif

/* The state of the server. */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include "options.h"
#include "rate_limit.h"
#include "reply.h"
#include "request.h"
#include "store.h"

struct request_log;

struct sandbox {
    struct options options;
    struct store store;
    struct rate_limit rate_limit;
    struct request_log *log; /* NULL: none */
};

/* Answers one kind of request. */
typedef void handler(struct sandbox *sandbox, const struct request *request, struct reply *reply);

#endif

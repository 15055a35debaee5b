/*
 * The library's public calls, one scenario for each way through them: what the server replies, what has to be there before,
 * and the call itself. Each can be made again and again, and gives back all that it got.
 */
#ifndef FAULTS_CALLS_H
#define FAULTS_CALLS_H

#include "fault_server.h"

#include <deepomatic.h>

#define CALLS_KEY "k3y-THAT-stays-home-0123456789"

struct reply {
    const char *status; /* "200 OK" */
    const char *headers;
    const char *body;
};

enum { MAX_REPLIES = 4 };

struct world {
    const char *url; /* of the server */
    dm_client *client;
    dm_cancel *cancel;
    dm_call_options call;
    dm_error error;      /* of the last call */
    const char *wrong;   /* what else was wrong about it, such as an out pointer that is not NULL; NULL: nothing */
    dm_spec_page *specs; /* what a scenario prepares */
    dm_version_page *versions;
    dm_spec_iter *spec_iter;
    dm_version_iter *version_iter;
};

struct scenario {
    const char *name;
    struct reply replies[MAX_REPLIES];    /* to one request after the other; the last one for ever */
    void (*prepare)(struct world *world); /* NULL: nothing to prepare */
    dm_status (*call)(struct world *world);
    dm_status outcome; /* of the call when nothing fails */
    bool changes;      /* it makes, changes or submits something, so that it matters whether the service got it */
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;

/* A client with every option set, and a switch. A failure ends the test. */
void world_open(struct world *world, const char *url, int64_t timeout_ms);
void world_close(struct world *world);

#endif

/* The scenarios: for each, the server's replies, the preparation, and the public call. */
#ifndef FAULTS_SCENARIOS_H
#define FAULTS_SCENARIOS_H

#include "calls.h"

struct reply {
    const char *status; /* "200 OK" */
    const char *headers;
    const char *body;
};

enum { MAX_REPLIES = 4 };

struct scenario {
    const char *name;
    struct reply replies[MAX_REPLIES]; /* one for each request; the last one is repeated */
    preparation *prepare;              /* NULL: none */
    public_call *call;
    dm_status outcome; /* of the call when nothing fails */
    bool changes;      /* the call creates, changes or submits something, so outcome_unknown is checked */
    bool may_pass;     /* the call may succeed although an optional allocation failed */
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;

/* Whether libcurl is built with all that the scenario needs; prints what is missing. */
bool scenario_can_run(const struct scenario *scenario);

#endif

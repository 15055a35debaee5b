/*
 * Fails a scenario's call at every point there is: at the 1st one, the 2nd one, ... until the call no longer gets to it.
 * Each time everything is made afresh, the failed call is judged and then repeated with nothing failing, and everything
 * must have been given back in the end.
 */
#ifndef FAULTS_POINTS_H
#define FAULTS_POINTS_H

#include "injection.h"
#include "scenarios.h"

/* The injected failure, and the expected result of the call. */
struct trial {
    struct injection what;
    dm_status status;   /* of the failed call */
    bool may_pass;      /* what failed can be done without, so that the call may also end as if nothing had been */
    int64_t timeout_ms; /* of the call; 0: the usual one */
};

struct tally {
    size_t points;
    size_t outlived; /* points at which the call ended as it would have done anyway */
    size_t wrong;    /* points at which something was wrong; the first few of them are described on stderr */
};

struct tally fail_all_points(const struct scenario *scenario, const struct trial *trial);

/* To be called once, before anything else. */
void points_set_up(void);

#endif

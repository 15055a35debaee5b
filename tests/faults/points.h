/* Injects a failure at every point of a scenario's call: first at the first point, then at the second one, and so
 * on, until the call ends before the point. Each run has a new server and client. The result of the failed call is
 * checked, the call is repeated without a failure, and at the end everything must have been freed. */
#ifndef FAULTS_POINTS_H
#define FAULTS_POINTS_H

#include "injection.h"
#include "scenarios.h"

/* The injected failure, and the expected result of the call. */
struct trial {
    struct injection what;
    dm_status status;   /* of the failed call */
    bool may_pass;      /* the call may also succeed, because the failed function is optional */
    int64_t timeout_ms; /* of the call; 0: the default */
};

struct tally {
    size_t points;
    size_t outlived; /* points at which the failure did not change the result */
    size_t wrong;    /* points at which something was wrong; the first few of them are described on stderr */
};

struct tally fail_all_points(const struct scenario *scenario, const struct trial *trial);

/* Must be called once, before all others. */
void points_set_up(void);

#endif

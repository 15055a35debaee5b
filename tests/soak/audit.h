/* Compares the sandbox's own count, over a connection without faults, with the books. */
#ifndef SOAK_AUDIT_H
#define SOAK_AUDIT_H

#include "books.h"

#include <deepomatic.h>

/*
 * The sandbox numbers specifications and tasks consecutively. So the ids of a new specification and its task show how
 * many were created before.
 */
struct audit {
    dm_client *direct;
    int64_t last_spec;
    int64_t last_task;
    size_t specs_made; /* by the threads since the beginning */
    size_t tasks_made;
};

void audit_open(struct audit *audit, dm_client *direct, struct books *books);

/*
 * Call it when no thread works. Each specification that still exists must come from a create that ended with
 * outcome_unknown, and must exist only once; it is then deleted. This detects creates that took effect twice, creates
 * that took effect although their error said otherwise, and deletes that had no effect.
 */
void audit_leftovers(struct audit *audit, struct books *books);

/* At the end: checks that the sandbox has created exactly what the books contain. */
void audit_totals(struct audit *audit, struct books *books);

#endif

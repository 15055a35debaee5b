/* Compares the sandbox's own count, over a connection without faults, with the books. */
#ifndef SOAK_AUDIT_H
#define SOAK_AUDIT_H

#include "books.h"

#include <deepomatic.h>

/*
 * The sandbox numbers specifications and tasks through and uses no number twice, so the numbers that a specification of
 * our own gets say how many of them anyone has made before.
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
 * To be called when no thread is at work. Every specification that is left must be one whose create ended with
 * outcome_unknown, and be there once; it is deleted. So a create that was carried out twice, or although it had failed
 * for certain, is found, and so is a delete that did not delete.
 */
void audit_leftovers(struct audit *audit, struct books *books);

/* At the end: what the sandbox has made is what the books know of, neither more nor less. */
void audit_totals(struct audit *audit, struct books *books);

#endif

/* Compares the sandbox's own count, over a connection without faults, with the books. */
#ifndef SOAK_AUDIT_H
#define SOAK_AUDIT_H

#include "books.h"

#include <deepomatic.h>

/*
 * The sandbox numbers specifications and tasks consecutively. So the numbers of a new specification and its task tell
 * how many have been created before.
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
 * Call it when no thread works. Every specification that still exists must be from a create that ended with
 * outcome_unknown, and exist once; it is deleted. This finds creates that were carried out twice or although they had
 * certainly failed, and deletes that did not delete.
 */
void audit_leftovers(struct audit *audit, struct books *books);

/* At the end: checks that the sandbox has created exactly what the books contain. */
void audit_totals(struct audit *audit, struct books *books);

#endif

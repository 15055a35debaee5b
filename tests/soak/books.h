/*
 * The results of all calls of the soak test. At the end, the sandbox's own count must agree with them. Thread-safe.
 * Violations are printed at once.
 */
#ifndef SOAK_BOOKS_H
#define SOAK_BOOKS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* The state of one create/delete pair. */
enum pair_state {
    PAIR_UNTRIED,
    PAIR_DONE,     /* created and deleted: nothing is left */
    PAIR_UNKNOWN,  /* the create failed with outcome_unknown: one specification may exist */
    PAIR_NOT_MADE, /* the create failed and certainly had no effect */
    PAIR_STATES
};

struct books {
    size_t inference_count; /* planned */
    size_t pair_count;
    unsigned char *pairs; /* an enum pair_state for each; each is written by one thread */
    bool *found;          /* pairs whose specification was left on the sandbox */
    atomic_size_t inferences_right;
    atomic_size_t complaints;
};

void books_open(struct books *books, size_t inference_count, size_t pair_count);
void books_close(struct books *books);

/* Reports a violation. */
__attribute__((format(printf, 2, 3))) void books_complain(struct books *books, const char *format, ...);

/* How many pairs are in that state. */
size_t books_count(const struct books *books, enum pair_state state);

/* The number of specifications found that were left by creates with outcome_unknown. */
size_t books_found(const struct books *books);

#endif

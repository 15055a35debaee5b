/* Cheap random fractions, for jitter. */
#ifndef DM_RANDOM_H
#define DM_RANDOM_H

#include <stdint.h>

/* Returns the next pseudo-random number, from 0 up to but not including 1. Not for secrets. */
double random_fraction(uint64_t *state);

#endif

/* Random bytes from the system, and cheap random fractions for jitter. */
#ifndef DM_RANDOM_H
#define DM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills memory with random bytes from the operating system. Returns false if that fails. */
bool random_bytes(void *bytes, size_t size);

/* Returns the next pseudo-random number, from 0 up to but not including 1. Not for secrets. */
double random_fraction(uint64_t *state);

#endif

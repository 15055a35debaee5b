/* Random bytes from the system, and cheap random fractions for jitter. */
#ifndef DM_RANDOM_H
#define DM_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fills memory with random bytes of the operating system; false if it has none to give. */
bool random_bytes(void *bytes, size_t size);

/* The next of a sequence of numbers from 0 up to, but not including, 1. Not for secrets. */
double random_fraction(uint64_t *state);

#endif

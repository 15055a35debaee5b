/* Converts JSON numbers to C types exactly. The text must be a valid JSON number of at most 63 characters. */
#ifndef DM_NUMBER_H
#define DM_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns false if it is not a whole number from INT64_MIN to INT64_MAX. "42.0", "4.2e1" and "-0" are whole numbers. */
bool number_to_integer(const char *text, size_t length, int64_t *integer);

/* Stores the nearest double: infinity if the number is too large. Returns false if out of memory. */
bool number_to_double(const char *text, size_t length, double *number);

#endif

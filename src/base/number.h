/* Numbers as JSON writes them, exactly as C's types hold them. The text is a number by JSON's grammar, of at most 63
 * characters. */
#ifndef DM_NUMBER_H
#define DM_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False if it is not a whole number from INT64_MIN to INT64_MAX; "42.0", "4.2e1" and "-0" are. */
bool number_to_integer(const char *text, size_t length, int64_t *integer);

/* The nearest double, which is infinite if the number is too large. False if there is no memory. */
bool number_to_double(const char *text, size_t length, double *number);

#endif

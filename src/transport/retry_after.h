/* Parses the Retry-After header. */
#ifndef DM_RETRY_AFTER_H
#define DM_RETRY_AFTER_H

#include <stdint.h>

/* Returns how many milliseconds the service asks to wait: CLOCK_NEVER if the number is too large, negative if the value
 * is neither a number of seconds nor a date. A date is compared with the service's own clock, from its Date header. If
 * `date` is NULL or invalid, it is compared with `now`, in seconds since 1970. */
int64_t retry_after_ms(const char *value, const char *date, int64_t now);

#endif

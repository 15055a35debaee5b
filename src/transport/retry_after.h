/* Reads the header Retry-After. */
#ifndef DM_RETRY_AFTER_H
#define DM_RETRY_AFTER_H

#include <stdint.h>

/* How many milliseconds the service asks to wait: for ever if it is more than can be held; negative if the value is
 * neither a number of seconds nor a date. A date is taken by the service's own clock, that is the value of its header
 * Date; if that is NULL, or no date, by ours: `now`, in seconds since 1970. */
int64_t retry_after_ms(const char *value, const char *date, int64_t now);

#endif

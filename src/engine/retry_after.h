/* Reads the header Retry-After. */
#ifndef DM_RETRY_AFTER_H
#define DM_RETRY_AFTER_H

#include <stdint.h>

/* How many milliseconds from `now`, in seconds since 1970, the service asks to wait: for ever if it is more than can be
 * held; negative if the value is neither a number of seconds nor a date. */
int64_t retry_after_ms(const char *value, int64_t now);

#endif

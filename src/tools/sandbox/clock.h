/* Clocks: a monotonic one, and the date. */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include <json-c/json.h>
#include <stdint.h>

/* Returns the milliseconds of the monotonic clock. */
int64_t clock_milliseconds(void);

/* Returns the date and time that many milliseconds from now: ISO 8601, UTC, with microseconds. */
json_object *clock_date(int64_t milliseconds_from_now);

#endif

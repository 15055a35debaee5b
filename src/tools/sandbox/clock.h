/* Clocks: a monotonic one, and the date. */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include <json-c/json.h>
#include <stdint.h>

/* Returns the milliseconds of the monotonic clock. */
int64_t clock_milliseconds(void);

/* Returns the date and time: ISO 8601, UTC, with microseconds. */
json_object *clock_date(void);

/* Returns the date and time now, and stores the one that many milliseconds later in *later. */
json_object *clock_dates(int64_t milliseconds, json_object **later);

#endif

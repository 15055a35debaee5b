/* Times: one to count with, one to show. */
#ifndef SANDBOX_CLOCK_H
#define SANDBOX_CLOCK_H

#include <json-c/json.h>
#include <stdint.h>

/* Milliseconds on a clock that is never set back. */
int64_t clock_milliseconds(void);

/* The date and time in that many milliseconds from now, ISO 8601 with microseconds and Z. */
json_object *clock_date(int64_t milliseconds_from_now);

#endif

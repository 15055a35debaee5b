/* Time in milliseconds. */
#ifndef SUPPORT_CLOCK_MS_H
#define SUPPORT_CLOCK_MS_H

/*
 * A delay that no test waits for: a server asks for it, or an option sets it. A call that takes TOO_LONG_MS or more has
 * waited for it nevertheless.
 */
enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2 };

/* The monotonic clock. */
long long now_ms(void);

/* Sleeps for all of this time, even if signals arrive meanwhile. */
void sleep_ms(long milliseconds);

#endif

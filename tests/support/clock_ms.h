/* Time in milliseconds. */
#ifndef SUPPORT_CLOCK_MS_H
#define SUPPORT_CLOCK_MS_H

/* A delay that a server asks for or an option sets, and that no call in a test should wait for. A call that takes
 * TOO_LONG_MS or longer has waited for it. */
enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2 };

/* The monotonic clock. */
long long now_ms(void);

/* The monotonic clock without the time for which the calling thread was ready to run, but had to wait for a processor.
 * For upper limits: however busy the machine is, a call takes no longer on this clock. */
long long own_ms(void);

/* Sleeps for all of this time, even if signals arrive meanwhile. */
void sleep_ms(long milliseconds);

#endif

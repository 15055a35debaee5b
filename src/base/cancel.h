/* The library's side of a cancellation token: a flag to test and a descriptor to wait for. */
#ifndef DM_CANCEL_H
#define DM_CANCEL_H

#include <deepomatic.h>

/* Returns false for NULL. */
bool cancel_fired(const dm_cancel *cancel);

/* Becomes readable when the token is fired and stays readable, because it is never read from. */
int cancel_descriptor(const dm_cancel *cancel);

enum cancel_event { CANCEL_READABLE, CANCEL_FIRED, CANCEL_TIMED_OUT };

/* Sleeps until the descriptor is readable, the token is fired or the time wake_at is reached. Returns which of them
 * happened; if several did, the first in this order. */
enum cancel_event cancel_wait_for(const dm_cancel *cancel, int descriptor, int64_t wake_at);

/* Sleeps until the token is fired (returns true) or until the time wake_at (returns false). NULL is never fired. */
bool cancel_wait(const dm_cancel *cancel, int64_t wake_at);

#endif

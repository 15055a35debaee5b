/* The cancellation token, seen from inside: a flag to test, and a descriptor to wait for. */
#ifndef DM_CANCEL_H
#define DM_CANCEL_H

#include <deepomatic.h>

/* False for NULL. */
bool cancel_fired(const dm_cancel *cancel);

/* Readable as soon as the token has been fired, and from then on: nobody reads from it. */
int cancel_descriptor(const dm_cancel *cancel);

/* Sleeps until the token is fired (true) or the time wake_at comes (false). NULL is never fired. */
bool cancel_wait(const dm_cancel *cancel, int64_t wake_at);

#endif

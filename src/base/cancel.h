/* The switch that ends calls, seen from inside: a flag to look at, and a descriptor to wait on. */
#ifndef DM_CANCEL_H
#define DM_CANCEL_H

#include <deepomatic.h>

/* False for NULL. */
bool cancel_fired(const dm_cancel *cancel);

/* Readable once the switch was fired, and for ever after: nobody reads from it. */
int cancel_descriptor(const dm_cancel *cancel);

#endif

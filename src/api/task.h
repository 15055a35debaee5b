/* Waiting for a task, as part of a call. */
#ifndef DM_TASK_H
#define DM_TASK_H

#include "client/call.h"

/* Polls for the task, as one of this shape, until it is no longer pending. The key says what it is of. NULL if the call has failed; its error then
 * bears the id. */
dm_task *task_await(struct call *call, const dm_task_id *id, const struct shape *shape, struct pace_key key);

#endif

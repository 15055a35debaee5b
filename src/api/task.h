/* Waiting for a task within a call. */
#ifndef DM_TASK_H
#define DM_TASK_H

#include "client/call.h"

/* Polls for the task until it is no longer pending, and decodes it with this shape. The key identifies the kind of
 * task. Returns NULL if the call has failed; its error then contains the task's id. */
dm_task *task_await(struct call *call, const dm_task_id *id, const struct shape *shape, struct pace_key key);

#endif

/* Waiting for tasks, as part of a call. */
#ifndef DM_TASK_H
#define DM_TASK_H

#include "client/call.h"

/* Asks for the task until it is no longer pending, and gives it. On failure the call's error bears the id. */
void task_await(call *on, const dm_task_id *id, dm_task **task);

/* Pauses before the round-th question (from 0), at the client's pace. */
void task_pause(call *on, int round);

#endif

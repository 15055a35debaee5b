/* Waiting for tasks, as part of a call. */
#ifndef DM_TASK_H
#define DM_TASK_H

#include "client/call.h"

/* Asks for the task until it is no longer pending, and gives it. On failure the call's error bears the id. */
void task_await(struct call *call, const dm_task_id *id, dm_task **task);

/* How the last question failed; "" if it did not. One that only the end of the time broke off does not count. */
struct task_failure {
    char words[sizeof((dm_error *)NULL)->message];
};
void task_note_failure(struct task_failure *failure, const struct call *call);

/* Pauses before the round-th question (from 0), at the client's pace. */
void task_pause(struct call *call, int round);

#endif

/* What every way of having images recognised has in common: the request, the answer to it, and the task that comes of it. */
#ifndef DM_SUBMISSION_H
#define DM_SUBMISSION_H

#include "client/call.h"

/* Makes the call's request, which names a specification or a version, one for an inference with it, but for its body. */
void submission_begin(struct call *call);

/* The task that the answer names. Its text is "" if the call has failed, now or before. */
dm_task_id submission_receive(struct call *call);

/* True if a finished task is a recognised image; otherwise fails. */
bool submission_check_task(struct failure *failure, const dm_task *task);

#endif

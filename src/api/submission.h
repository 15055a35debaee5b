/* The common parts of all inference functions: the request, its answer, and the resulting task. */
#ifndef DM_SUBMISSION_H
#define DM_SUBMISSION_H

#include "client/call.h"

/* Completes the call's request, whose path is that of a specification or a version, as an inference request without its
 * body. */
void submission_begin(struct call *call);

/* Returns the id of the task from the answer. It is "" if the call has failed, now or before. */
dm_task_id submission_receive(struct call *call);

/* Returns true if a finished task has recognised the image; otherwise fails. */
bool submission_check_task(struct failure *failure, const dm_task *task);

#endif

/* What a failure says of the task of an image. */
#ifndef CLI_TASK_STATE_H
#define CLI_TASK_STATE_H

#include <deepomatic.h>

/* An image that has a task failed with this status. Can the task still give its result? */
bool task_may_finish(dm_status status);

/* The same for the name of a status, such as "DM_ERR_TIMEOUT". */
bool task_may_finish_after(const char *status_name);

#endif

/* What a failure means for the task of an image. */
#ifndef CLI_TASK_STATE_H
#define CLI_TASK_STATE_H

#include <deepomatic.h>

/* Returns true if the task of an image that failed with this status can still have a result. */
bool task_may_finish(dm_status status);

/* The same for the name of a status, such as "DM_ERR_TIMEOUT". */
bool task_may_finish_after(const char *status_name);

#endif

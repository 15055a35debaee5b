/* Task ids, which become part of a path. */
#ifndef DM_CODEC_TASK_ID_H
#define DM_CODEC_TASK_ID_H

#include "base/failure.h"

/* Returns true for 1 to 63 letters, digits, '-' and '_'. */
bool task_id_is_valid(const char *id);

/* Fails if the id is invalid. `what` names the id in the message. */
bool check_task_id(struct failure *failure, const char *what, const char *id);

#endif

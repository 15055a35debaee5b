/* Decodes a task's status, for use when the rest of the task cannot be decoded. */
#ifndef DM_DECODE_TASK_H
#define DM_DECODE_TASK_H

#include "codec/reader.h"

/* Returns DM_TASK_UNREADABLE if the status is unknown. */
dm_task_status value_task_status(struct reader *reader);

#endif

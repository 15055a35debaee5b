/* A task's status, for whoever can do something with a task of which nothing else is right. */
#ifndef DM_DECODE_TASK_H
#define DM_DECODE_TASK_H

#include "codec/reader.h"

/* DM_TASK_UNREADABLE if it is none that we know. */
dm_task_status value_task_status(struct reader *reader);

#endif

/* After a cancellation: the tasks that the service still works on. */
#ifndef CLI_OPEN_TASKS_H
#define CLI_OPEN_TASKS_H

#include "job.h"

/* Reports each image that was cancelled, with its task if it has one, and then how to wait for these tasks. */
void open_tasks_report(const struct job_list *jobs);

#endif

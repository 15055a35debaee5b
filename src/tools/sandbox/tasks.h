/* tasks: the results of inferences. */
#ifndef SANDBOX_TASKS_H
#define SANDBOX_TASKS_H

#include "sandbox.h"

handler tasks_list;
handler task_show;

#endif

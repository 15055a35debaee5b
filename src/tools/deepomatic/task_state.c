#include "task_state.h"

#include <string.h>

static const dm_status final_statuses[] = {DM_ERR_TASK_FAILED, DM_ERR_NOT_FOUND};

enum { FINAL_COUNT = sizeof final_statuses / sizeof final_statuses[0] };

bool task_may_finish(dm_status status)
{
    return task_may_finish_after(dm_status_name(status));
}

bool task_may_finish_after(const char *status_name)
{
    size_t i = 0;

    while (i < FINAL_COUNT && strcmp(dm_status_name(final_statuses[i]), status_name) != 0)
        i++;
    return i == FINAL_COUNT;
}

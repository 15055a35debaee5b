/* The tasks that 'tasks wait' waits for: those of the command line, and those of --tasks-from with their images. */
#ifndef CLI_TASK_LIST_H
#define CLI_TASK_LIST_H

#include "command.h"

struct task_list {
    dm_task_id *ids;
    char **images; /* the name of each task's image; NULL if it is not known */
    size_t count;
    size_t capacity;
};

/* Lines of images that have their result, or have no task, are left out. False: a message was written. Free the list in
 * any case. */
bool task_list_read(const struct cli *cli, struct task_list *list);

void task_list_free(struct task_list *list);

#endif

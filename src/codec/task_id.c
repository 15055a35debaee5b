#include "codec/task_id.h"

#include "base/ascii.h"
#include "base/check.h"

enum { MAX_TASK_ID = sizeof((dm_task_id *)NULL)->text - 1 };

static bool is_task_id_character(char character)
{
    return ascii_is_alphanumeric(character) || character == '-' || character == '_';
}

bool task_id_is_valid(const char *id)
{
    size_t length = 0;
    while (length <= MAX_TASK_ID && is_task_id_character(id[length]))
        length++;
    return length > 0 && length <= MAX_TASK_ID && id[length] == '\0';
}

bool check_task_id(struct failure *failure, const char *what, const char *id)
{
    if (!check_not_null(failure, what, id))
        return false;
    return task_id_is_valid(id) ||
           failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                       "%s is not a valid task id (1 to %d letters, digits, '-' and '_')", what, (int)MAX_TASK_ID);
}

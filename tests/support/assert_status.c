#include "assert_status.h"

#include "test.h"

static const char *message_of(dm_status status, const dm_error *error)
{
    if (error == NULL)
        return "(the caller keeps no error)";
    return status == DM_OK || status == DM_DONE ? "" : error->message;
}

void assert_status_at(dm_status status, dm_status expected, const dm_error *error, const char *file, int line)
{
    if (status == expected)
        return;
    print_error("expected %s, got %s: %s\n", dm_status_name(expected), dm_status_name(status),
                message_of(status, error));
    _fail(file, line);
}

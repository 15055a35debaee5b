#include "report.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void report(const char *format, ...)
{
    char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    int length = vasprintf(&message, format, arguments);
    va_end(arguments);
    /* So that both streams keep their order on a terminal. */
    fflush(stdout);
    fputs("deepomatic: ", stderr);
    text_put(stderr, length >= 0 ? message : "out of memory");
    fputc('\n', stderr);
    if (length >= 0)
        free(message);
}

enum exit_status report_call(dm_status status, const dm_error *error)
{
    if (status == DM_OK || status == DM_DONE)
        return STATUS_OK;
    report("%s", error->message);
    return status == DM_ERR_INVALID_ARGUMENT ? STATUS_USAGE : STATUS_FAILED;
}

void report_open_task(const dm_error *error)
{
    if (error->task_id.text[0] != '\0' && error->status != DM_ERR_TASK_FAILED)
        report("to go on waiting: deepomatic tasks wait %s", error->task_id.text);
}

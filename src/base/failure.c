#include "base/failure.h"

#include "base/line.h"
#include "base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void failure_init(struct failure *failure, dm_error *error)
{
    *failure = (struct failure){.status = DM_OK, .error = error};
    if (error != NULL)
        memset(error, 0, sizeof *error);
}

/* A cancellation or a timeout after a good response says nothing about that response. */
static bool has_no_response(dm_status status, int http_status)
{
    return (status == DM_ERR_CANCELLED || status == DM_ERR_TIMEOUT) && http_status < 400;
}

bool failure_set(struct failure *failure, dm_status status, const char *format, ...)
{
    char message[2 * sizeof failure->error->message];
    va_list arguments;

    if (failure->status != DM_OK)
        return false;
    failure->status = status;
    if (failure->error == NULL)
        return false;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    secret_redact_line(message, sizeof message, failure->secret);
    failure->error->status = status;
    if (has_no_response(status, failure->error->http_status))
        failure->error->http_status = 0;
    line_copy(failure->error->message, sizeof failure->error->message, message, strlen(message));
    return false;
}

bool failure_no_memory(struct failure *failure)
{
    return failure_set(failure, DM_ERR_NO_MEMORY, "out of memory; the client still works");
}

bool failure_check_written(struct failure *failure, dm_status written)
{
    if (written == DM_ERR_NO_MEMORY)
        return failure_no_memory(failure);
    if (written != DM_OK)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "the request is too large to be sent");
    return true;
}

void failure_set_server_message(struct failure *failure, const char *words, size_t length)
{
    dm_error *error = failure->error;
    char line[2 * sizeof error->server_message];

    if (failure->status != DM_OK || error == NULL || length == 0)
        return;
    line_copy(line, sizeof line, words, length);
    secret_redact_line(line, sizeof line, failure->secret);
    if (line[strspn(line, " ")] == '\0')
        return; /* blank after cleaning: no message */
    line_copy(error->server_message, sizeof error->server_message, line, strlen(line));
}

void failure_forgive(struct failure *failure)
{
    failure->status = DM_OK;
}

#include "report.h"
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* Makes the name at `at`, which begins with that many bytes of a struct's, an option's. */
static void name_option(char *at, size_t prefix)
{
    memmove(at + 2, at + prefix, strlen(at + prefix) + 1);
    at[0] = at[1] = '-';
    for (at += 2; *at == '_' || (*at >= 'a' && *at <= 'z'); at++)
        *at = *at == '_' ? '-' : *at;
}

/* What the library calls "options.ca_file" or "changes.name" is --ca-file and --name here. */
static void name_options(char *message)
{
    static const char *const structs[] = {"options.", "changes."};
    for (size_t i = 0; i < sizeof structs / sizeof structs[0]; i++)
        for (char *at = strstr(message, structs[i]); at != NULL; at = strstr(at, structs[i]))
            name_option(at, strlen(structs[i]));
}

enum exit_status report_call(dm_status status, const dm_error *error)
{
    char message[sizeof error->message];
    if (status == DM_OK || status == DM_DONE)
        return STATUS_OK;
    memcpy(message, error->message, sizeof message);
    if (status == DM_ERR_INVALID_ARGUMENT)
        name_options(message);
    report("%s", message);
    return status == DM_ERR_INVALID_ARGUMENT ? STATUS_USAGE : STATUS_FAILED;
}

void report_open_task(const dm_error *error)
{
    const bool is_over = error->status == DM_ERR_TASK_FAILED || error->status == DM_ERR_NOT_FOUND;
    if (error->task_id.text[0] != '\0' && !is_over)
        report("to go on waiting: deepomatic tasks wait %s", error->task_id.text);
}

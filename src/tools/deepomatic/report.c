#include "report.h"
#include "file.h"
#include "library_message.h"
#include "name.h"
#include "status_line.h"
#include "task_state.h"
#include "text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A message is lost if standard error cannot be written: there is nowhere to report it. */
static void write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t written = write(STDERR_FILENO, bytes, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        size -= (size_t)written;
    }
}

static void write_line(const char *prefix, const char *message)
{
    static const char no_memory[] = "deepomatic: out of memory\n";
    char *line = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&line, &size);

    if (stream != NULL) {
        fputs(prefix, stream);
        text_put(stream, message);
        fputc('\n', stream);
    }
    if (stream != NULL && fclose(stream) == 0)
        write_all(line, size);
    else
        write_all(no_memory, strlen(no_memory));
    free(line);
}

void report(const char *format, ...)
{
    char *message = NULL;
    va_list arguments;

    va_start(arguments, format);
    const int length = vasprintf(&message, format, arguments);
    va_end(arguments);
    status_line_clear();
    /* Keeps the two streams in order on a terminal. */
    fflush(stdout);
    write_line("deepomatic: ", length >= 0 ? message : "out of memory");
    if (length >= 0)
        free(message);
}

void report_log(const char *line)
{
    status_line_clear();
    write_line("deepomatic: ", line);
}

void report_help_hint(void)
{
    write_line("", "Try 'deepomatic --help' or 'deepomatic COMMAND --help'.");
}

enum exit_status report_call(dm_status status, const dm_error *error)
{
    struct library_message message;

    if (status == DM_OK || status == DM_DONE)
        return STATUS_OK;
    library_message_translate(&message, error);
    report("%s", message.text);
    return status == DM_ERR_INVALID_ARGUMENT ? STATUS_USAGE : STATUS_FAILED;
}

void report_file(const char *option, const char *file, const char *reason)
{
    char *quoted = name_quote(file);

    report("--%s: %s: %s", option, quoted, reason);
    free(quoted);
}

static bool may_still_finish(const dm_error *error)
{
    return error->task_id.text[0] != '\0' && task_may_finish(error->status);
}

void report_image(const char *name, const dm_error *error)
{
    struct library_message message;
    char *quoted = name_quote(file_display_name(name));

    library_message_translate(&message, error);
    report("%s: %s", quoted, message.text);
    if (may_still_finish(error))
        report("to continue waiting: deepomatic tasks wait %s", error->task_id.text);
    free(quoted);
}

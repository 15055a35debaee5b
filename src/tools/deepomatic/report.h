/* Messages on standard error, and the exit status of the program. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <deepomatic.h>

enum exit_status {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* the command failed, at least in part */
    STATUS_USAGE = 2   /* the command line is invalid; nothing was sent */
};

/* Writes "deepomatic: " and the message as one line with one write. Escapes control characters. */
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

/* Like report, for the library's log, from any thread: leaves standard output alone. */
void report_log(const char *line);

/* Writes where to find help after a STATUS_USAGE. */
void report_help_hint(void);

/* Reports a call that failed. Returns the exit status for the call, whether or not it failed. */
enum exit_status report_call(dm_status status, const dm_error *error);

/* Reports a file, given with an option, that cannot be used. */
void report_file(const char *option, const char *file, const char *reason);

/* Reports an image that failed, and how to continue waiting if its task may still finish. */
void report_image(const char *name, const dm_error *error);

#endif

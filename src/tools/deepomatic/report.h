/* What goes wrong: messages on standard error, and the program's exit status. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <deepomatic.h>

enum exit_status {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /* something that was asked for did not work */
    STATUS_USAGE = 2   /* the command line is wrong; nothing was sent */
};

/* Writes "deepomatic: " and the message, made harmless for a terminal, as one line. */
__attribute__((format(printf, 1, 2))) void report(const char *format, ...);

/* Reports a failed call, if it failed, and gives the exit status for it. */
enum exit_status report_call(dm_status status, const dm_error *error);

/* Tells how to go on waiting for the task of a call that failed before the task was done. */
void report_open_task(const dm_error *error);

#endif

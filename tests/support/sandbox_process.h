/* The sandbox server as a child process of the test, on a free port, with a request log of its own. */
#ifndef SUPPORT_SANDBOX_PROCESS_H
#define SUPPORT_SANDBOX_PROCESS_H

#include "request_log.h"

struct sandbox_process;

/* Starts the sandbox with twenty networks and these further arguments (NULL-terminated; NULL for none), which take
 * precedence, and returns when it is listening. If that takes longer than 30 s, prints a line to stderr and returns
 * NULL. The sandbox is killed when the thread that started it ends, so that a crashed test leaves none behind. */
struct sandbox_process *sandbox_start(const char *const *arguments);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *sandbox_url(const struct sandbox_process *sandbox);

/* Ends the sandbox with SIGTERM, and frees everything. Returns its exit status, or minus the signal that killed it. */
int sandbox_stop(struct sandbox_process *sandbox);

/* Returns the number of requests logged so far, as a mark for sandbox_requests_since. */
size_t sandbox_mark(const struct sandbox_process *sandbox);

/* Returns the requests logged since the mark (0 for all), or NULL if the log is damaged. Free them with
 * request_log_free. */
struct request_log *sandbox_requests_since(const struct sandbox_process *sandbox, size_t mark);

#endif

/* The sandbox server as a child process of the test, on a free port, with a request log of its own. */
#ifndef SUPPORT_SANDBOX_PROCESS_H
#define SUPPORT_SANDBOX_PROCESS_H

#include "request_log.h"

struct sandbox_process;

/*
 * Starts it with twenty networks and these further arguments (NULL-terminated; NULL for none), which win, and returns once it is listening. NULL, with
 * a line on stderr, when it is not within 30 s. It is killed when the thread that started it ends, so that a crashed
 * test leaves none behind.
 */
struct sandbox_process *sandbox_start(const char *const *arguments);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *sandbox_url(const struct sandbox_process *sandbox);

/* Ends it with SIGTERM, and frees everything. Its exit status, or minus the signal that killed it. */
int sandbox_stop(struct sandbox_process *sandbox);

/* How many requests it has logged: a mark to read on from. */
size_t sandbox_mark(const struct sandbox_process *sandbox);

/* The requests logged since the mark, 0 for all; NULL when the log is broken. End it with request_log_free. */
struct request_log *sandbox_requests_since(const struct sandbox_process *sandbox, size_t mark);

#endif

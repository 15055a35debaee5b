/* Hides SIGPIPE from the application: OpenSSL writes to sockets in a way that can raise it. */
#ifndef DM_SIGPIPE_H
#define DM_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

struct sigpipe_guard {
    sigset_t previous_mask;
    bool was_pending;
};

/* Blocks SIGPIPE in this thread. */
void sigpipe_block(struct sigpipe_guard *guard);

/* Discards a SIGPIPE that was raised since then, and restores the thread's signal mask. */
void sigpipe_restore(const struct sigpipe_guard *guard);

#endif

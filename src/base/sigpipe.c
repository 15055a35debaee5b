#include "base/sigpipe.h"

#include "base/system.h"

#include <pthread.h>

static bool is_pending(void)
{
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

void sigpipe_block(struct sigpipe_guard *guard)
{
    sigset_t pipe_only;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &guard->previous_mask);
    /* Only a signal that was blocked before can have been pending. */
    guard->was_pending = sigismember(&guard->previous_mask, SIGPIPE) == 1 && is_pending();
}

void sigpipe_restore(const struct sigpipe_guard *guard)
{
    if (!guard->was_pending && is_pending())
        system_discard_signal(SIGPIPE);
    pthread_sigmask(SIG_SETMASK, &guard->previous_mask, NULL);
}

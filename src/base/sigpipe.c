#include "base/sigpipe.h"

#include <errno.h>
#include <pthread.h>
#include <time.h>

static bool is_pending(void)
{
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void only_sigpipe(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGPIPE);
}

void sigpipe_block(struct sigpipe_guard *guard)
{
    sigset_t pipe_only;
    only_sigpipe(&pipe_only);
    pthread_sigmask(SIG_BLOCK, &pipe_only, &guard->previous_mask);
    /* Only a signal that was blocked before can have been pending. */
    guard->was_pending = sigismember(&guard->previous_mask, SIGPIPE) == 1 && is_pending();
}

void sigpipe_restore(const struct sigpipe_guard *guard)
{
    if (!guard->was_pending && is_pending()) {
        static const struct timespec at_once = {0, 0};
        sigset_t pipe_only;
        only_sigpipe(&pipe_only);
        while (sigtimedwait(&pipe_only, NULL, &at_once) < 0 && errno == EINTR)
            continue; /* uncovered: a signal would have to arrive within this very call */
    }
    pthread_sigmask(SIG_SETMASK, &guard->previous_mask, NULL);
}

#include "base/cancel.h"

#include "base/clock.h"
#include "base/failure.h"
#include "base/line.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/eventfd.h>
#endif

struct dm_cancel {
    atomic_bool fired;
    int readable;
    int writable; /* the same descriptor where the system has eventfd */
};

static bool open_descriptors(dm_cancel *cancel)
{
#ifdef __linux__
    cancel->readable = cancel->writable = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return cancel->readable >= 0;
#else
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    cancel->readable = ends[0];
    cancel->writable = ends[1];
    return true;
#endif
}

/* Returns NULL on failure. */
static dm_cancel *make_cancel(struct failure *failure)
{
    dm_cancel *cancel = calloc(1, sizeof *cancel);
    if (cancel == NULL) {
        failure_no_memory(failure);
        return NULL;
    }
    if (open_descriptors(cancel)) {
        atomic_init(&cancel->fired, false);
        return cancel;
    }
    failure_set(failure, DM_ERR_SYSTEM, "no file descriptor for a cancellation token: %s", line_system_error(errno));
    free(cancel);
    return NULL;
}

dm_status dm_cancel_new(dm_cancel **cancel, dm_error *error)
{
    struct failure failure;

    failure_init(&failure, error);
    if (cancel == NULL)
        failure_set(&failure, DM_ERR_INVALID_ARGUMENT, "cancel must not be NULL");
    else
        *cancel = make_cancel(&failure);
    return failure.status;
}

/* Must be safe in a signal handler: a lock-free store and a write. */
void dm_cancel_fire(dm_cancel *cancel)
{
    static const uint64_t one = 1;
    if (cancel == NULL)
        return;
    const int saved_errno = errno;
    atomic_store(&cancel->fired, true);
    /* If the write fails because the pipe or the counter is full, the descriptor is already readable. */
    const ssize_t written = write(cancel->writable, &one, sizeof one);
    (void)written;
    errno = saved_errno;
}

void dm_cancel_free(dm_cancel *cancel)
{
    if (cancel == NULL)
        return;
    close(cancel->readable);
#ifndef __linux__
    close(cancel->writable);
#endif
    free(cancel);
}

bool cancel_fired(const dm_cancel *cancel)
{
    return cancel != NULL && atomic_load(&cancel->fired);
}

int cancel_descriptor(const dm_cancel *cancel)
{
    return cancel->readable;
}

bool cancel_wait(const dm_cancel *cancel, int64_t wake_at)
{
    struct pollfd readable = {.fd = cancel != NULL ? cancel->readable : -1, .events = POLLIN};

    for (int64_t now = clock_now(); !cancel_fired(cancel) && now < wake_at; now = clock_now())
        poll(&readable, 1, (int)clock_earlier(clock_until(now, wake_at), INT_MAX));
    return cancel_fired(cancel);
}

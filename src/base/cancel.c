#include "base/cancel.h"

#include "base/check.h"
#include "base/clock.h"
#include "base/notice.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>

struct dm_cancel {
    atomic_bool fired;
    struct notice notice;
};

/* Returns NULL on failure. */
static dm_cancel *make_cancel(struct failure *failure)
{
    dm_cancel *cancel = calloc(1, sizeof *cancel);
    if (cancel == NULL) {
        failure_no_memory(failure);
        return NULL;
    }
    if (notice_open(&cancel->notice, "for a cancellation token", failure)) {
        atomic_init(&cancel->fired, false);
        return cancel;
    }
    free(cancel);
    return NULL;
}

dm_status dm_cancel_new(dm_cancel **cancel, dm_error *error)
{
    struct failure failure;

    failure_init(&failure, error);
    if (check_not_null(&failure, "cancel", cancel))
        *cancel = make_cancel(&failure);
    return failure.status;
}

/* Must be safe in a signal handler: a lock-free store and a write. */
void dm_cancel_fire(dm_cancel *cancel)
{
    if (cancel == NULL)
        return;
    const int saved_errno = errno;
    atomic_store(&cancel->fired, true);
    notice_raise(&cancel->notice);
    errno = saved_errno;
}

void dm_cancel_free(dm_cancel *cancel)
{
    if (cancel == NULL)
        return;
    notice_close(&cancel->notice);
    free(cancel);
}

bool cancel_fired(const dm_cancel *cancel)
{
    return cancel != NULL && atomic_load(&cancel->fired);
}

int cancel_descriptor(const dm_cancel *cancel)
{
    return cancel->notice.read_end;
}

enum cancel_event cancel_wait_for(const dm_cancel *cancel, int descriptor, int64_t wake_at)
{
    struct pollfd watched[] = {
        {.fd = descriptor, .events = POLLIN},
        {.fd = cancel != NULL ? cancel->notice.read_end : -1, .events = POLLIN},
    };
    bool is_readable;
    bool is_over;

    do {
        const int64_t now = clock_now();
        is_over = cancel_fired(cancel) || now >= wake_at;
        const int timeout_ms = is_over ? 0 : (int)clock_earlier(clock_until(now, wake_at), INT_MAX);
        is_readable = poll(watched, 2, timeout_ms) > 0 && watched[0].revents != 0;
    } while (!is_readable && !is_over);
    if (is_readable)
        return CANCEL_READABLE;
    return cancel_fired(cancel) ? CANCEL_FIRED : CANCEL_TIMED_OUT;
}

bool cancel_wait(const dm_cancel *cancel, int64_t wake_at)
{
    return cancel_wait_for(cancel, -1, wake_at) == CANCEL_FIRED;
}

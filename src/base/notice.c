#include "base/notice.h"

#include "base/line.h"
#include "base/system.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

bool notice_open(struct notice *notice, const char *purpose, struct failure *failure)
{
    int ends[2];
    if (!system_open_notice(ends))
        return failure_set(failure, DM_ERR_SYSTEM, "no file descriptor %s: %s", purpose, line_system_error(errno));
    *notice = (struct notice){ends[0], ends[1]};
    return true;
}

void notice_close(const struct notice *notice)
{
    close(notice->read_end);
    if (notice->write_end != notice->read_end)
        close(notice->write_end);
}

/* If the write fails because the pipe or the counter is full, the descriptor is already readable. */
void notice_raise(const struct notice *notice)
{
    static const uint64_t one = 1;
    const ssize_t written = write(notice->write_end, &one, sizeof one);
    (void)written;
}

void notice_lower(const struct notice *notice)
{
    struct pollfd raised = {.fd = notice->read_end, .events = POLLIN};
    uint64_t taken;
    while (read(notice->read_end, &taken, sizeof taken) < 0)
        poll(&raised, 1, -1);
}

#include "base/notice.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/eventfd.h>
#endif

bool notice_open(struct notice *notice)
{
#ifdef __linux__
    notice->read_end = notice->write_end = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return notice->read_end >= 0;
#else
    int ends[2];
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    *notice = (struct notice){ends[0], ends[1]};
    return true;
#endif
}

void notice_close(const struct notice *notice)
{
    close(notice->read_end);
#ifndef __linux__
    close(notice->write_end);
#endif
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

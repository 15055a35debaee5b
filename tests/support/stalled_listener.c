#include "stalled_listener.h"
#include "loopback.h"

#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A backlog of 0 holds one connection on Linux; others may hold a few more. */
enum { MAX_FILLERS = 8, HANGS_AFTER_MS = 200 };

struct stalled_listener {
    int listener;
    int fillers[MAX_FILLERS];
    size_t filler_count;
    char url[LOOPBACK_URL_SIZE];
};

/* Adds one more connection, and returns whether it hangs. */
static bool filler_hangs(struct stalled_listener *stalled)
{
    struct sockaddr_in address = loopback_address(stalled->listener);
    int filler = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    struct pollfd connected = {.fd = filler, .events = POLLOUT};

    if (filler < 0)
        return false;
    stalled->fillers[stalled->filler_count++] = filler;
    (void)connect(filler, (struct sockaddr *)&address, sizeof address); /* in progress; its result does not matter */
    return poll(&connected, 1, HANGS_AFTER_MS) == 0;
}

/* If the last filler hangs, the next connect will hang, too. */
static bool fill_backlog(struct stalled_listener *stalled)
{
    for (int i = 0; i < MAX_FILLERS; i++) {
        if (filler_hangs(stalled))
            return true;
    }
    return false;
}

struct stalled_listener *stalled_listener_start(void)
{
    struct stalled_listener *stalled = calloc(1, sizeof *stalled);

    if (stalled == NULL)
        return NULL;
    stalled->listener = loopback_listen(0, 0);
    if (stalled->listener < 0) {
        free(stalled);
        return NULL;
    }
    loopback_url(stalled->listener, stalled->url);
    if (!fill_backlog(stalled)) {
        stalled_listener_stop(stalled);
        return NULL;
    }
    return stalled;
}

const char *stalled_listener_url(const struct stalled_listener *stalled)
{
    return stalled->url;
}

void stalled_listener_stop(struct stalled_listener *stalled)
{
    for (size_t i = 0; i < stalled->filler_count; i++)
        close(stalled->fillers[i]);
    close(stalled->listener);
    free(stalled);
}

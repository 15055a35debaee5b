#include "base/system.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#ifdef __APPLE__
#include <sys/random.h> /* getentropy */
#endif

/* ---- Descriptors ---- */

#ifdef DM_HAVE_EVENTFD
#include <sys/eventfd.h>

bool system_open_notice(int ends[2])
{
    ends[0] = ends[1] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return ends[0] >= 0;
}
#else
bool system_open_notice(int ends[2])
{
    if (pipe(ends) != 0)
        return false;
    for (int i = 0; i < 2; i++) {
        fcntl(ends[i], F_SETFD, FD_CLOEXEC);
        fcntl(ends[i], F_SETFL, O_NONBLOCK);
    }
    return true;
}
#endif

#ifdef DM_HAVE_SOCK_CLOEXEC
static int open_private_socket(int family, int type, int protocol)
{
    return socket(family, type | SOCK_CLOEXEC, protocol);
}
#else
/* A child process that another thread starts in between inherits the socket. */
static int open_private_socket(int family, int type, int protocol)
{
    const int opened = socket(family, type, protocol);
    if (opened >= 0)
        fcntl(opened, F_SETFD, FD_CLOEXEC);
    return opened;
}
#endif

int system_socket(int family, int type, int protocol)
{
    const int opened = open_private_socket(family, type, protocol);
#ifdef DM_HAVE_SO_NOSIGPIPE
    static const int on = 1;
    setsockopt(opened, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return opened;
}

void system_limit_unsent(int socket, int size)
{
#ifdef DM_HAVE_TCP_NOTSENT_LOWAT
    setsockopt(socket, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &size, sizeof size);
#else
    (void)socket;
    (void)size;
#endif
}

/* ---- Random bytes ---- */

#ifdef DM_HAVE_GETENTROPY
bool system_random(void *bytes, size_t size)
{
    return getentropy(bytes, size) == 0;
}
#else
bool system_random(void *bytes, size_t size)
{
    const int device = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ssize_t count = -1;
    if (device < 0)
        return false;
    do
        count = read(device, bytes, size);
    while (count < 0 && errno == EINTR);
    close(device);
    return count == (ssize_t)size;
}
#endif

/* ---- Files ---- */

struct timespec system_modified(const struct stat *file)
{
#ifdef DM_HAVE_ST_MTIM
    return file->st_mtim;
#else
    return file->st_mtimespec;
#endif
}

/* ---- Signals ---- */

#ifdef DM_HAVE_SIGTIMEDWAIT
void system_discard_signal(int number)
{
    static const struct timespec at_once = {0, 0};
    sigset_t only;
    int taken;
    sigemptyset(&only);
    sigaddset(&only, number);
    do
        taken = sigtimedwait(&only, NULL, &at_once);
    while (taken < 0 && errno == EINTR);
}
#else
/* If the signal is pending for the whole process, another thread may take it in between, and sigwait would wait for the
 * next one. So the thread sends one to itself. It is the same signal if one is pending for this thread already. */
void system_discard_signal(int number)
{
    sigset_t only;
    int taken;
    sigemptyset(&only);
    sigaddset(&only, number);
    pthread_kill(pthread_self(), number);
    while (sigwait(&only, &taken) == EINTR)
        continue;
}
#endif

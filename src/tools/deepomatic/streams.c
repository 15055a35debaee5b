#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static char output_buffer[1024 * 1024];

/* The access modes are the wrong ones on purpose: using the stream fails with EBADF, as it would if it were closed. */
static bool open_missing_descriptors(void)
{
    static const int modes[] = {[STDIN_FILENO] = O_WRONLY, [STDOUT_FILENO] = O_RDONLY, [STDERR_FILENO] = O_RDONLY};

    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++)
        if (fcntl(descriptor, F_GETFD) < 0 && errno == EBADF && open("/dev/null", modes[descriptor]) < 0)
            return false;
    return true;
}

bool streams_open(void)
{
    const bool opened = open_missing_descriptors();

    if (!isatty(STDOUT_FILENO))
        setvbuf(stdout, output_buffer, _IOFBF, sizeof output_buffer);
    return opened;
}

bool output_flush(void)
{
    return fflush(stdout) == 0 && !ferror(stdout);
}

static bool reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0; /* Linux; macOS and the BSDs */
}

enum exit_status output_close(enum exit_status status)
{
    const bool complete = output_flush();
    const bool reader_gone = !complete && reader_is_gone();

    if (fclose(stdout) == 0 && complete)
        return status;
    /* The write may have failed while SIGPIPE was blocked or ignored. */
    if (reader_gone)
        raise(SIGPIPE);
    else
        report("cannot write to standard output");
    return STATUS_FAILED;
}

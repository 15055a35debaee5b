#include "streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char output_buffer[1024 * 1024];
static int output_errno; /* of the first flush that failed; 0 if there is none */

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
    if (fflush(stdout) != 0 && output_errno == 0)
        output_errno = errno;
    return !ferror(stdout);
}

static bool is_output(const struct stat *file)
{
    struct stat output;

    return fstat(STDOUT_FILENO, &output) == 0 && file->st_dev == output.st_dev && file->st_ino == output.st_ino;
}

bool output_is(FILE *stream)
{
    struct stat file;

    return fstat(fileno(stream), &file) == 0 && S_ISREG(file.st_mode) && is_output(&file);
}

bool output_mixes_with(const struct stat *file)
{
    return is_output(file) && (!S_ISCHR(file->st_mode) || isatty(STDOUT_FILENO));
}

bool output_has_no_reader(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    return poll(&output, 1, 0) == 1 && (output.revents & (POLLERR | POLLHUP)) != 0; /* Linux; macOS and the BSDs */
}

enum exit_status output_close(enum exit_status status)
{
    const bool complete = output_flush();
    const bool reader_gone = !complete && output_has_no_reader();

    if (fclose(stdout) == 0 && complete)
        return status;
    /* The write may have failed while SIGPIPE was blocked or ignored. */
    if (reader_gone)
        raise(SIGPIPE);
    else
        report("cannot write to standard output%s%s", output_errno != 0 ? ": " : "",
               output_errno != 0 ? strerror(output_errno) : "");
    return STATUS_FAILED;
}

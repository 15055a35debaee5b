#include "sandbox_process.h"
#include "temp_files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Long, because it may run under valgrind on a busy machine. */
enum { STARTS_WITHIN_MS = 30000 };

struct sandbox_process {
    pid_t pid;
    int output; /* its stdout; kept open, so that it can continue to write there */
    char url[64];
    char *folder;
    char *log_path;
};

static bool make_folder(struct sandbox_process *sandbox)
{
    sandbox->folder = temp_folder_new();
    sandbox->log_path = sandbox->folder != NULL ? temp_path(sandbox->folder, "requests.jsonl") : NULL;
    return sandbox->log_path != NULL && write_file(sandbox->log_path, NULL, 0);
}

/* The child's argument vector; only the vector itself is to be freed. */
static const char **join_arguments(const struct sandbox_process *sandbox, const char *const *further)
{
    const char *const own[] = {SANDBOX_PROGRAM, "--port", "0", "--networks", "20", "--request-log", sandbox->log_path};
    size_t own_count = sizeof own / sizeof *own;
    size_t further_count = 0;

    while (further != NULL && further[further_count] != NULL)
        further_count++;
    const char **all = calloc(own_count + further_count + 1, sizeof *all);
    if (all == NULL)
        return NULL;
    memcpy(all, own, sizeof own);
    if (further_count > 0)
        memcpy(all + own_count, further, further_count * sizeof *all);
    return all;
}

/* Runs in the child of a process that may have threads: async-signal-safe calls only. */
static _Noreturn void become_sandbox(char *const *arguments, int output, pid_t parent)
{
    static const char complaint[] = "cannot run " SANDBOX_PROGRAM "\n";

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent && dup2(output, STDOUT_FILENO) >= 0) {
        execv(SANDBOX_PROGRAM, arguments);
        (void)!write(STDERR_FILENO, complaint, strlen(complaint));
    }
    _exit(127);
}

static bool fork_sandbox(struct sandbox_process *sandbox, char *const *arguments)
{
    int ends[2];
    pid_t test = getpid();

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    sandbox->output = ends[0];
    sandbox->pid = fork();
    if (sandbox->pid == 0)
        become_sandbox(arguments, ends[1], test);
    close(ends[1]);
    return sandbox->pid > 0;
}

/* Reads one line, without its end. Byte by byte is fine: it is the only one. */
static bool read_line(int fd, char *line, size_t size)
{
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    size_t length = 0;

    while (length + 1 < size && poll(&readable, 1, STARTS_WITHIN_MS) == 1 && read(fd, line + length, 1) == 1) {
        if (line[length] == '\n') {
            line[length] = '\0';
            return true;
        }
        length++;
    }
    return false;
}

static bool await_url(struct sandbox_process *sandbox)
{
    static const char announcement[] = "listening on ";
    char line[sizeof announcement - 1 + sizeof sandbox->url];

    if (!read_line(sandbox->output, line, sizeof line) || strncmp(line, announcement, strlen(announcement)) != 0) {
        fprintf(stderr, "%s did not print its address\n", SANDBOX_PROGRAM);
        return false;
    }
    snprintf(sandbox->url, sizeof sandbox->url, "%s", line + strlen(announcement));
    return true;
}

static bool launch(struct sandbox_process *sandbox, const char *const *further_arguments)
{
    if (!make_folder(sandbox))
        return false;
    const char **arguments = join_arguments(sandbox, further_arguments);
    bool forked = arguments != NULL && fork_sandbox(sandbox, (char *const *)arguments);
    free(arguments);
    return forked && await_url(sandbox);
}

struct sandbox_process *sandbox_start(const char *const *arguments)
{
    struct sandbox_process *sandbox = calloc(1, sizeof *sandbox);

    if (sandbox == NULL)
        return NULL;
    sandbox->output = -1;
    if (!launch(sandbox, arguments)) {
        sandbox_stop(sandbox);
        return NULL;
    }
    return sandbox;
}

const char *sandbox_url(const struct sandbox_process *sandbox)
{
    return sandbox->url;
}

static int end_process(pid_t pid)
{
    int status = 0;

    kill(pid, SIGTERM);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

int sandbox_stop(struct sandbox_process *sandbox)
{
    int status = sandbox->pid > 0 ? end_process(sandbox->pid) : 0;

    if (sandbox->output >= 0)
        close(sandbox->output);
    free(sandbox->log_path);
    temp_folder_remove(sandbox->folder);
    free(sandbox);
    return status;
}

size_t sandbox_mark(const struct sandbox_process *sandbox)
{
    return request_log_count(sandbox->log_path);
}

struct request_log *sandbox_requests_since(const struct sandbox_process *sandbox, size_t mark)
{
    return request_log_read(sandbox->log_path, mark);
}

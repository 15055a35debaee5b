#include "killable.h"

#include "servers.h"
#include "temp_files.h"
#include "test.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TRIES = 3000, PAUSE_US = 10000 };

struct killable {
    pthread_mutex_t mutex; /* protects the other members */
    pid_t master;          /* and the number of its process group */
    bool killed;
    struct line settings;
    struct line log;
};

static void write_upstream(const char *url)
{
    char text[128];

    snprintf(text, sizeof text, "proxy_pass %s;\n", url);
    assert_true(write_file(server_file("upstream.conf").text, text, strlen(text)));
}

/* run.sh stops it if this program does not. */
static void note_group(pid_t group)
{
    char text[32] = "";

    if (group > 0)
        snprintf(text, sizeof text, "%d\n", (int)group);
    assert_true(write_file(server_file("killable.pid").text, text, strlen(text)));
}

/* Runs after fork in a process that may have threads, so it uses only async-signal-safe functions. */
static _Noreturn void become_nginx(const char *settings, const char *log)
{
    setpgid(0, 0);
    execlp("nginx", "nginx", "-e", log, "-c", settings, (char *)NULL);
    _exit(127);
}

static bool listens(int port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((in_port_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    const bool connected = connect(fd, (const struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return connected;
}

static pid_t worker_of(pid_t master)
{
    char path[64];
    int worker = 0;

    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)master, (int)master);
    FILE *children = fopen(path, "re");
    if (children == NULL)
        return 0;
    const bool found = fscanf(children, "%d", &worker) == 1;
    fclose(children);
    return found ? worker : 0;
}

static void await_start(pid_t master)
{
    for (int i = 0; i < TRIES; i++) {
        if (worker_of(master) > 0 && listens(server_port("killable")))
            return;
        usleep(PAUSE_US);
    }
    fail_msg("nginx did not start");
}

static void launch(struct killable *nginx)
{
    const pid_t master = fork();

    if (master == 0)
        become_nginx(nginx->settings.text, nginx->log.text);
    assert_true(master > 0);
    setpgid(master, master); /* the first to start */
    note_group(master);
    pthread_mutex_lock(&nginx->mutex);
    nginx->master = master;
    nginx->killed = false;
    pthread_mutex_unlock(&nginx->mutex);
    await_start(master);
}

struct killable *killable_start(enum killable_http http, const char *upstream)
{
    struct killable *nginx = calloc(1, sizeof *nginx);

    assert_non_null(nginx);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pthread_mutex_init(&nginx->mutex, NULL);
    nginx->settings = server_file(http == KILLABLE_HTTP2 ? "killable_http2.conf" : "killable_http1.conf");
    nginx->log = server_file("killable.error.log");
    write_upstream(upstream);
    launch(nginx);
    return nginx;
}

void killable_kill(struct killable *nginx)
{
    pthread_mutex_lock(&nginx->mutex);
    if (!nginx->killed)
        kill(-nginx->master, SIGKILL);
    nginx->killed = true;
    pthread_mutex_unlock(&nginx->mutex);
}

void killable_kill_worker(struct killable *nginx)
{
    pthread_mutex_lock(&nginx->mutex);
    const pid_t worker = worker_of(nginx->master);
    if (worker > 0)
        kill(worker, SIGKILL);
    pthread_mutex_unlock(&nginx->mutex);
}

/* When the master has ended, the worker becomes our child. When the worker has ended, the port is free. */
static void kill_and_wait(struct killable *nginx)
{
    killable_kill(nginx);
    while (waitpid(-nginx->master, NULL, 0) > 0)
        continue;
    note_group(0);
}

void killable_restart(struct killable *nginx)
{
    kill_and_wait(nginx);
    launch(nginx);
}

void killable_end(struct killable *nginx)
{
    kill_and_wait(nginx);
    pthread_mutex_destroy(&nginx->mutex);
    free(nginx);
}

/* A process that is stopped, as by Ctrl-Z or a debugger, until after the deadline of its call. The answer arrives in
 * the meantime. When the process continues, the call returns the answer. */
#include <deepomatic.h>

#include "api_test.h"
#include "loopback.h"
#include "raw_server.h"
#include "scene.h"
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIME_MS = 300, STOPPED_MS = 700 };

/* ---- The server: a process of its own, which stops the test's process before it answers ---- */

struct stopping_server {
    char reply[1024];
    size_t length; /* bytes of the reply to send */
    int listener;
    char url[LOOPBACK_URL_SIZE];
    pid_t pid;
    size_t *requests; /* in memory shared with the child */
};

/* The state of a process: 'T' if it is stopped. */
static char state_of(pid_t pid)
{
    char path[64];
    char state = '?';

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return state;
    if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
        state = '?';
    fclose(file);
    return state;
}

static void stop_process(pid_t pid)
{
    kill(pid, SIGSTOP);
    for (int i = 0; i < 1000 && state_of(pid) != 'T'; i++)
        usleep(1000);
}

static void serve_stopped(struct stopping_server *server, int connection, pid_t client)
{
    static struct raw_request request;

    raw_limit_silence(connection);
    if (!raw_read_head(connection, &request) || !raw_read_body(connection, &request, SIZE_MAX))
        return;
    ++*server->requests;
    stop_process(client);
    raw_send(connection, server->reply, server->length);
    usleep(STOPPED_MS * 1000);
    kill(client, SIGCONT);
    raw_read_body(connection, &request, SIZE_MAX);
}

static _Noreturn void run_server(struct stopping_server *server, pid_t client)
{
    struct pollfd readable = {.fd = server->listener, .events = POLLIN};

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (getppid() == client && poll(&readable, 1, -1) > 0) {
        const int connection = accept4(server->listener, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0)
            continue;
        serve_stopped(server, connection, client);
        poll(&(struct pollfd){.fd = connection, .events = POLLRDHUP}, 1, RAW_SILENCE_S * 1000);
        close(connection);
    }
    _exit(0);
}

static void server_start(struct stopping_server *server)
{
    const pid_t client = getpid();

    server->requests = mmap(NULL, sizeof *server->requests, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(server->requests != MAP_FAILED);
    server->listener = loopback_listen(16, 0);
    assert_true(server->listener >= 0);
    loopback_url(server->listener, server->url);
    server->pid = fork();
    if (server->pid == 0)
        run_server(server, client);
    assert_true(server->pid > 0);
}

/* The number of requests that it received. */
static size_t server_stop(struct stopping_server *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    close(server->listener);
    const size_t requests = *server->requests;
    munmap(server->requests, sizeof *server->requests);
    return requests;
}

/* ---- Calls ---- */

static dm_status submit(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_submit(scene, &image, call);
}

static const struct stopped_call {
    const char *name;
    dm_status (*make)(struct scene *scene, const dm_call_options *call);
    const char *answer;
} calls[] = {
    {"retrieve", scene_get, SCENE_ACCOUNT},
    {"create", scene_create, SCENE_SPEC},
    {"submit", submit, SCENE_TASK_ID},
    {"wait for a task", scene_wait, SCENE_SUCCESS},
};

enum { CALLS = sizeof calls / sizeof calls[0] };

/* Only the last bytes of the answer are missing. */
static void write_reply(struct stopping_server *server, const char *body, size_t missing)
{
    const int length = snprintf(server->reply, sizeof server->reply,
                                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                                strlen(body), body);
    server->length = (size_t)length - missing;
}

struct outcome {
    dm_status status;
    size_t requests;
    dm_error error;
};

static struct outcome make_call(const struct stopped_call *chosen, size_t missing, dm_client_options options)
{
    struct stopping_server server = {0};
    struct scene scene;
    struct outcome outcome;

    write_reply(&server, chosen->answer, missing);
    server_start(&server);
    scene_init(&scene);
    scene_start_at(&scene, server.url, &options);
    outcome.status = chosen->make(&scene, NULL);
    outcome.error = scene.error;
    scene_end(&scene);
    outcome.requests = server_stop(&server);
    return outcome;
}

static void assert_answered(const struct stopped_call *chosen, dm_client_options options)
{
    const struct outcome outcome = make_call(chosen, 0, options);

    if (outcome.status != DM_OK || outcome.requests != 1)
        fail_msg("%s: %s after %zu requests: %s", chosen->name, dm_status_name(outcome.status), outcome.requests,
                 outcome.error.message);
}

static void an_answer_that_arrived_while_the_process_was_stopped_counts(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALLS; i++)
        assert_answered(&calls[i], (dm_client_options){.timeout_ms = TIME_MS});
}

/* This is not a stall, because the process did not run. */
static void an_answer_counts_even_after_the_stall_time(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALLS; i++)
        assert_answered(&calls[i], (dm_client_options){.stall_timeout_ms = TIME_MS});
}

static void an_incomplete_answer_does_not_count(void **state)
{
    (void)state;
    for (size_t i = 0; i < CALLS; i++) {
        const struct outcome outcome = make_call(&calls[i], 1, (dm_client_options){.timeout_ms = TIME_MS});
        if (outcome.status != DM_ERR_TIMEOUT)
            fail_msg("%s: %s: %s", calls[i].name, dm_status_name(outcome.status), outcome.error.message);
        assert_int_equal(outcome.requests, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_that_arrived_while_the_process_was_stopped_counts),
        cmocka_unit_test(an_answer_counts_even_after_the_stall_time),
        cmocka_unit_test(an_incomplete_answer_does_not_count),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

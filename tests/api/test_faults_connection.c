/* Connections that are reused: unexpected data on them, and their inheritance by child processes. */
#include <deepomatic.h>
#include <errno.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "test.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CALLS = 5, MAX_DESCRIPTORS = 256 };

static char *copy_reply(const struct fault_step *step)
{
    char *copy = strndup(step->reply, step->reply_length);
    assert_non_null(copy);
    return copy;
}

static int64_t retrieve(struct scene *scene, int64_t id)
{
    dm_spec *spec = NULL;
    const dm_status status =
        scene_check(scene, dm_spec_retrieve(scene->client, dm_private_spec(id), NULL, &spec, &scene->error));
    assert_status(status, DM_OK, &scene->error);
    const int64_t found = spec->id.private_id;
    dm_spec_free(spec);
    return found;
}

/* If a gateway repeats a reply, each following call must not get the reply of the call before. */
static void a_repeated_reply_is_not_taken_for_the_next_calls_answer(void **state)
{
    char *again[CALLS];
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 0; i < CALLS; i++) {
        char body[64];
        snprintf(body, sizeof body, "{\"id\":%d,\"name\":\"x\",\"metadata\":{},\"outputs\":[]}", i + 1);
        struct fault_step *step = scene_reply(&scene, "200 OK", "", body);
        step->unasked = again[i] = copy_reply(step);
    }
    scene_start(&scene, NULL);
    for (int i = 0; i < CALLS; i++) {
        assert_int_equal(retrieve(&scene, i + 1), i + 1);
        assert_true(fault_server_await_played(scene.server, (size_t)i + 1, LONG_MS));
    }
    scene_end(&scene);
    for (int i = 0; i < CALLS; i++)
        free(again[i]);
}

/* Some servers send a last reply before they close an idle connection. */
static void a_last_reply_before_the_server_closes_is_not_taken_for_the_next_calls_answer(void **state)
{
    const dm_client_options once = {.max_attempts = 1};
    struct fault_step *step = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    step = scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    step->unasked = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    step->ending = FAULT_THEN_CLOSE;
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_true(fault_server_await_played(scene.server, 1, LONG_MS));
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

/* Whether a descriptor is one end of a connection to that port, or listens on it. */
static bool is_socket_of(int fd, in_port_t port)
{
    struct sockaddr_in here = {.sin_family = AF_UNSPEC};
    struct sockaddr_in there = {.sin_family = AF_UNSPEC};
    socklen_t here_size = sizeof here;
    socklen_t there_size = sizeof there;
    if (getsockname(fd, (struct sockaddr *)&here, &here_size) != 0 || here.sin_family != AF_INET)
        return false;
    if (getpeername(fd, (struct sockaddr *)&there, &there_size) != 0)
        there.sin_port = 0;
    return here.sin_port == port || there.sin_port == port;
}

static in_port_t port_of(const struct scene *scene)
{
    return htons((uint16_t)atoi(strrchr(fault_server_url(scene->server), ':') + 1));
}

/* Child processes inherit the descriptors with which libcurl wakes itself. They do not belong to connections. */
static void a_child_process_inherits_no_socket(void **state)
{
    int sockets = 0;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    const in_port_t port = port_of(&scene);
    for (int fd = STDERR_FILENO + 1; fd < MAX_DESCRIPTORS; fd++) {
        if (!is_socket_of(fd, port))
            continue;
        sockets++;
        assert_true((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    }
    assert_true(sockets >= 3); /* the listener, and both ends of the kept connection */
    scene_end(&scene);
}

/* Waits until the server's thread has closed the connection, too. Otherwise, it could do so when all descriptors are
 * taken, and the next call would use the one that this frees. */
static void await_only_the_listener(in_port_t port)
{
    const long long begun = now_ms();
    int sockets = 0;
    do {
        sleep_ms(1);
        sockets = 0;
        for (int fd = STDERR_FILENO + 1; fd < MAX_DESCRIPTORS; fd++)
            sockets += is_socket_of(fd, port);
    } while (sockets > 1 && now_ms() - begun < LONG_MS);
    assert_int_equal(sockets, 1);
}

/* The failure is local: retrying the request would not help. */
static void without_free_descriptors_a_call_fails_with_a_system_error(void **state)
{
    struct rlimit before;
    int taken[MAX_DESCRIPTORS];
    size_t count = 0;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "Connection: close\r\n", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    await_only_the_listener(port_of(&scene));
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit low = {.rlim_cur = COUNT(taken), .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
    while (count < COUNT(taken) && (taken[count] = dup(STDERR_FILENO)) >= 0)
        count++;
    const dm_status status = scene_get(&scene, NULL);
    for (size_t i = 0; i < count; i++)
        close(taken[i]);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_status(status, DM_ERR_SYSTEM, &scene.error);
    assert_int_equal(scene.error.attempts, 1);
    assert_non_null(strstr(scene.error.message, strerror(EMFILE)));
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_repeated_reply_is_not_taken_for_the_next_calls_answer),
        cmocka_unit_test(a_last_reply_before_the_server_closes_is_not_taken_for_the_next_calls_answer),
        cmocka_unit_test(a_child_process_inherits_no_socket),
        cmocka_unit_test(without_free_descriptors_a_call_fails_with_a_system_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* System calls that libcurl makes for the library. This program replaces these functions, so that libcurl calls the
 * replacements. */
#include <deepomatic.h>

#include "assert_status.h"
#include "clock_ms.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>

/* The call times out after GIVE_UP_MS, by which time even a slow machine has started the lookup. */
enum { GIVE_UP_MS = 500, LOOK_UP_MS = 4000, AT_ONCE_MS = LOOK_UP_MS / 2 };

static atomic_int looking_up;
static atomic_int looked_up;
static atomic_int actions_set; /* for the signals whose action libcurl might set */
static atomic_int sockets_kept_alive;

/* ---- Replacements of system functions ---- */

/* A slow name server that finds no name. */
int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict found)
{
    (void)name;
    (void)service;
    (void)hints;
    *found = NULL;
    atomic_fetch_add(&looking_up, 1);
    sleep_ms(LOOK_UP_MS);
    atomic_fetch_add(&looked_up, 1);
    return EAI_NONAME;
}

int sigaction(int number, const struct sigaction *restrict action, struct sigaction *restrict before)
{
    int (*systems)(int, const struct sigaction *, struct sigaction *);
    *(void **)&systems = dlsym(RTLD_NEXT, "sigaction");
    if (action != NULL && (number == SIGPIPE || number == SIGALRM))
        atomic_fetch_add(&actions_set, 1);
    return systems(number, action, before);
}

int setsockopt(int socket, int level, int option, const void *value, socklen_t size)
{
    int (*systems)(int, int, int, const void *, socklen_t);
    *(void **)&systems = dlsym(RTLD_NEXT, "setsockopt");
    if (level == SOL_SOCKET && option == SO_KEEPALIVE && size == sizeof(int) && *(const int *)value != 0)
        atomic_fetch_add(&sockets_kept_alive, 1);
    return systems(socket, level, option, value, size);
}

/* ---- The tests ---- */

/* The resolver thread may start after the call has ended, so the process must wait for it before it exits. */
static void await_look_ups(void)
{
    for (int i = 0; atomic_load(&looking_up) == 0 && i < 1000; i++)
        sleep_ms(10);
    assert_true(atomic_load(&looking_up) > 0);
    while (atomic_load(&looked_up) < atomic_load(&looking_up))
        sleep_ms(10);
    sleep_ms(200);
}

static void start_far_away(struct scene *scene)
{
    const dm_client_options options = {.connect_timeout_ms = 10 * LOOK_UP_MS};
    scene_init(scene);
    scene_start_at(scene, "http://far.example", &options);
}

/* Before 7.87, libcurl waits for the end of a lookup, as the README's table of supported systems mentions. */
static long long end_of_look_up_ms(void)
{
    return libcurl_is_since(0x075700) ? AT_ONCE_MS : AT_ONCE_MS + 2 * LOOK_UP_MS;
}

static void a_slow_look_up_does_not_hold_up_a_time_out(void **state)
{
    const dm_call_options call = {.timeout_ms = GIVE_UP_MS};
    struct scene scene;
    (void)state;
    libcurl_needs_threaded_resolver();

    start_far_away(&scene);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    scene_end(&scene);
    assert_true(now_ms() - begun < end_of_look_up_ms());
    await_look_ups();
}

static void *fire_soon(void *cancel)
{
    sleep_ms(GIVE_UP_MS);
    dm_cancel_fire(cancel);
    return NULL;
}

static void a_slow_look_up_does_not_hold_up_a_cancel(void **state)
{
    dm_call_options call = {.timeout_ms = -1};
    pthread_t thread;
    struct scene scene;
    (void)state;
    libcurl_needs_threaded_resolver();

    start_far_away(&scene);
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    assert_int_equal(pthread_create(&thread, NULL, fire_soon, call.cancel), 0);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, &call), DM_ERR_CANCELLED, &scene.error);
    scene_end(&scene);
    assert_true(now_ms() - begun < end_of_look_up_ms());
    pthread_join(thread, NULL);
    dm_cancel_free(call.cancel);
    await_look_ups();
}

/* A signal's action belongs to the whole process, so it would change for the application's other threads, too. */
static void no_signals_action_is_touched(void **state)
{
    struct sigaction found;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    atomic_store(&actions_set, 0);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
    assert_int_equal(atomic_load(&actions_set), 0);

    sigaction(SIGPIPE, NULL, &found);
    sigaction(SIGPIPE, &found, NULL);
    assert_int_equal(atomic_load(&actions_set), 1); /* the counter works */
}

static void a_connection_is_kept_alive(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    atomic_store(&sockets_kept_alive, 0);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
    assert_int_equal(atomic_load(&sockets_kept_alive), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slow_look_up_does_not_hold_up_a_time_out),
        cmocka_unit_test(a_slow_look_up_does_not_hold_up_a_cancel),
        cmocka_unit_test(no_signals_action_is_touched),
        cmocka_unit_test(a_connection_is_kept_alive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

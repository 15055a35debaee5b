/* Calls raise no signal in the application, and the application's signals do not disturb calls. */
#include <deepomatic.h>

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

enum { BIG = 16 * 1024 * 1024 };

static volatile sig_atomic_t alarms;
static volatile sig_atomic_t pipes;

static void count_alarm(int signal_number)
{
    (void)signal_number;
    alarms++;
}

static void count_pipe(int signal_number)
{
    (void)signal_number;
    pipes++;
}

/* A server that resets the connection in the middle of the upload. */
static void upload_into_a_reset(void)
{
    const dm_client_options options = {.max_attempts = 3};
    char *bytes = calloc(1, BIG);
    struct scene scene;

    assert_non_null(bytes);
    const dm_input image = dm_image_bytes(bytes, BIG);
    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_RESET)->reading = FAULT_READ_HEAD;
    scene_start(&scene, &options);
    assert_status(scene_submit(&scene, &image, NULL), DM_ERR_NETWORK, &scene.error);
    assert_int_equal(scene.error.attempts, 3);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
    free(bytes);
}

/* A SIGPIPE would end the process. */
static void no_sigpipe_comes_when_the_server_resets_an_upload(void **state)
{
    (void)state;
    assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    upload_into_a_reset();
}

static void the_applications_own_sigpipe_handler_and_mask_are_not_changed(void **state)
{
    struct sigaction mine = {.sa_handler = count_pipe};
    struct sigaction found;
    sigset_t before;
    sigset_t after;
    (void)state;

    sigaction(SIGPIPE, &mine, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    upload_into_a_reset();
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    sigaction(SIGPIPE, NULL, &found);
    assert_int_equal(pipes, 0);
    assert_true(found.sa_handler == count_pipe);
    for (int number = 1; number < 32; number++)
        assert_int_equal(sigismember(&before, number), sigismember(&after, number));
    raise(SIGPIPE);
    assert_int_equal(pipes, 1);
    signal(SIGPIPE, SIG_DFL);
}

/* An alarm every 2 ms, without SA_RESTART, while a reply arrives slowly. */
static void the_applications_own_alarms_do_not_disturb_a_call(void **state)
{
    const struct itimerval often = {.it_interval = {0, 2000}, .it_value = {0, 2000}};
    const struct itimerval never = {.it_value = {0, 0}};
    struct sigaction mine = {.sa_handler = count_alarm};
    struct sigaction found;
    char *bytes = calloc(1, BIG);
    struct scene scene;
    (void)state;

    assert_non_null(bytes);
    const dm_input image = dm_image_bytes(bytes, BIG);
    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT)->drip = true;
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID)->drip = true;
    scene_reply(&scene, "200 OK", "", SCENE_PENDING)->drip = true;
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS)->drip = true;
    scene_start(&scene, NULL);
    sigaction(SIGALRM, &mine, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_infer(&scene, &image, NULL), DM_OK, &scene.error);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, NULL, &found);
    assert_true(found.sa_handler == count_alarm);
    assert_true(alarms > 0);
    assert_int_equal(scene_request(&scene, 2)->body_length, scene_request(&scene, 2)->content_length);
    signal(SIGALRM, SIG_IGN); /* one may still be pending */
    scene_end(&scene);
    free(bytes);
}

/* libcurl would use SIGALRM for the timeout of a name lookup. */
static void no_sigalrm_comes_from_a_name_look_up_or_a_time_out(void **state)
{
    const dm_client_options options = {.connect_timeout_ms = 500, .max_attempts = 1};
    const dm_call_options call = {.timeout_ms = 2000};
    struct sigaction mine = {.sa_handler = count_alarm};
    struct scene scene;
    (void)state;

    alarms = 0;
    sigaction(SIGALRM, &mine, NULL);
    scene_init(&scene);
    scene_start_at(&scene, "http://no-such-host.invalid", &options);
    const dm_status status = scene_get(&scene, &call);
    assert_true(status == DM_ERR_NETWORK || status == DM_ERR_TIMEOUT);
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(alarms, 0);
    signal(SIGALRM, SIG_IGN);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_sigpipe_comes_when_the_server_resets_an_upload),
        cmocka_unit_test(the_applications_own_sigpipe_handler_and_mask_are_not_changed),
        cmocka_unit_test(the_applications_own_alarms_do_not_disturb_a_call),
        cmocka_unit_test(no_sigalrm_comes_from_a_name_look_up_or_a_time_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

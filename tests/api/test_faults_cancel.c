/* Cancellation, from a thread and from a signal handler, and the deadline end a call in each of its phases. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "stalled_listener.h"
#include "test.h"
#include "unread_upload_test.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

enum {
    AT_ONCE_MS = 4 * 1000, /* on the thread's own clock */
    DEADLINE_MS = 200,
    SETTLE_MS = 50,
    POLL_MS = 300 /* long enough for the end to come between two polls */
};

/* ---- Phases: what the server does, and what the client does when the call is ended ---- */

struct phase {
    const char *name;
    void (*play)(struct scene *scene); /* writes the script; NULL: a server to which a connect hangs */
    dm_status (*call)(struct scene *scene, const dm_call_options *call);
    size_t requests; /* number of requests that the server has received when the phase begins */
    bool outcome_unknown;
    bool submitted; /* so the error contains the task's id */
};

static dm_status infer_small(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_infer(scene, &image, call);
}

static dm_status wait_all(struct scene *scene, const dm_call_options *call)
{
    const dm_task_id ids[] = {{"123"}, {"124"}};
    dm_tasks *tasks = NULL;
    const dm_status status = dm_task_wait_all(scene->client, ids, 2, call, &tasks, &scene->error);
    assert_true((tasks != NULL) == (status == DM_OK));
    dm_tasks_free(tasks);
    return scene_check(scene, status);
}

static void play_no_reply(struct scene *scene)
{
    scene_break(scene, FAULT_THEN_STALL);
}

static void play_half_a_reply(struct scene *scene)
{
    scene_text(scene, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")->ending = FAULT_THEN_STALL;
}

static void play_retry_pause(struct scene *scene)
{
    scene_reply(scene, "503 Service Unavailable", "Retry-After: 25\r\n", "");
}

static void play_broken(struct scene *scene)
{
    scene_break(scene, FAULT_THEN_CLOSE);
}

static void play_pending(struct scene *scene)
{
    scene_reply(scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(scene, "200 OK", "", SCENE_PENDING);
}

static void play_stalled_poll(struct scene *scene)
{
    scene_reply(scene, "200 OK", "", SCENE_TASK_ID);
    scene_break(scene, FAULT_THEN_STALL);
}

static void play_failing_poll(struct scene *scene)
{
    scene_reply(scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(scene, "404 Not Found", "", "");
    scene->steps[1] = (struct fault_step){.reply = "", .ending = FAULT_THEN_CLOSE};
}

static const struct phase phases[] = {
    {"connecting", NULL, infer_small, 0, false, false},
    {"connecting for a create", NULL, scene_create, 0, false, false},
    {"uploading", play_unread_upload, infer_big, 1, false, false},
    {"waiting for the reply", play_no_reply, scene_get, 1, false, false},
    {"waiting for the reply to an inference", play_no_reply, infer_small, 1, true, false},
    {"waiting for the reply to a create", play_no_reply, scene_create, 1, true, false},
    {"waiting for the reply to a version's create", play_no_reply, scene_create_version, 1, true, false},
    {"waiting for the reply to a delete", play_no_reply, scene_delete, 1, true, false},
    {"reading the reply", play_half_a_reply, scene_get, 1, false, false},
    {"reading the reply to a create", play_half_a_reply, scene_create, 1, true, false},
    {"between two attempts", play_retry_pause, scene_get, 1, false, false},
    {"between two attempts of a create", play_retry_pause, scene_create, 1, false, false},
    {"between two attempts of a broken inference", play_broken, infer_small, 1, true, false},
    {"before the first poll", play_pending, infer_small, 1, false, true},
    {"between two polls", play_pending, infer_small, 2, false, true},
    {"waiting for the reply to a poll", play_stalled_poll, infer_small, 2, false, true},
    {"after a failed poll", play_failing_poll, infer_small, 2, false, true},
};
enum { PHASE_COUNT = COUNT(phases) };

/* Pauses between attempts or polls are so long, even when a random part is subtracted, that the call is ended during
 * one. */
static void open_phase(struct scene *scene, const struct phase *phase, struct stalled_listener **stalled)
{
    const dm_client_options options = {.stall_timeout_ms = LONG_MS,
                                       .connect_timeout_ms = LONG_MS,
                                       .retry_delay_ms = 400 * LONG_MS,
                                       .max_retry_delay_ms = 400 * LONG_MS,
                                       .max_attempts = phase->play == play_failing_poll ? 1 : 0,
                                       .poll_delay_ms = phase->requests == 1 ? LONG_MS : POLL_MS,
                                       .max_poll_delay_ms = LONG_MS};
    scene_init(scene);
    *stalled = NULL;
    if (phase->play != NULL) {
        phase->play(scene);
        scene_start(scene, &options);
        return;
    }
    *stalled = stalled_listener_start();
    assert_non_null(*stalled);
    scene_start_at(scene, stalled_listener_url(*stalled), &options);
}

static void close_phase(struct scene *scene, struct stalled_listener *stalled)
{
    scene_end(scene);
    if (stalled != NULL)
        stalled_listener_stop(stalled);
}

static void check_phase(const struct scene *scene, const struct phase *phase)
{
    if (scene->error.outcome_unknown != phase->outcome_unknown)
        fail_msg("%s: outcome_unknown is %d", phase->name, scene->error.outcome_unknown);
    if (phase->submitted) /* there may be more polls */
        assert_true(scene->error.attempts >= (int)phase->requests);
    else
        assert_int_equal(scene->error.attempts, phase->requests == 0 ? 1 : phase->requests);
    const int resent = phase->play == play_failing_poll; /* by libcurl, because the reused connection was closed */
    if (scene->log_count[DM_LOG_INFO] != scene->error.attempts - resent)
        fail_msg("%s: %d lines of log for %d attempts", phase->name, scene->log_count[DM_LOG_INFO],
                 scene->error.attempts);
    assert_string_equal(scene->error.task_id.text, phase->submitted ? "123" : "");
}

/* ---- Ways to cancel ---- */

struct trigger {
    struct fault_server *server;
    size_t requests; /* number of requests that the server must have received before */
    dm_cancel *cancel;
    bool by_signal;
    pthread_t caller;
    pthread_t thread;
};

static dm_cancel *fired_by_signal;

static void fire_from_handler(int signal_number)
{
    (void)signal_number;
    dm_cancel_fire(fired_by_signal);
}

static void *pull(void *argument)
{
    const struct trigger *trigger = argument;
    if (trigger->server != NULL)
        fault_server_await_requests(trigger->server, trigger->requests, LONG_MS);
    sleep_ms(SETTLE_MS);
    if (trigger->by_signal)
        pthread_kill(trigger->caller, SIGUSR1);
    else
        dm_cancel_fire(trigger->cancel);
    return NULL;
}

static void cancel_in(const struct phase *phase, bool by_signal)
{
    struct stalled_listener *stalled = NULL;
    dm_call_options call = {.timeout_ms = -1};
    struct trigger end = {.requests = phase->requests, .by_signal = by_signal, .caller = pthread_self()};
    struct scene scene;

    open_phase(&scene, phase, &stalled);
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    end.server = scene.server;
    end.cancel = call.cancel;
    fired_by_signal = call.cancel;
    assert_int_equal(pthread_create(&end.thread, NULL, pull, &end), 0);
    const long long begun = own_ms();
    const dm_status status = phase->call(&scene, &call);
    const long long taken = own_ms() - begun;
    pthread_join(end.thread, NULL);
    if (status != DM_ERR_CANCELLED || taken >= AT_ONCE_MS)
        fail_msg("%s: %s after %lld ms", phase->name, dm_status_name(status), taken);
    if (scene.error.http_status != 0 && scene.error.http_status < 400)
        fail_msg("%s: cancelled, but with HTTP %d", phase->name, scene.error.http_status);
    check_phase(&scene, phase);
    close_phase(&scene, stalled);
    dm_cancel_free(call.cancel);
}

static void a_thread_cancels_a_call_in_each_phase(void **state)
{
    (void)state;
    for (size_t i = 0; i < PHASE_COUNT; i++)
        cancel_in(&phases[i], false);
}

static void a_signal_handler_cancels_a_call_in_each_phase(void **state)
{
    struct sigaction mine = {.sa_handler = fire_from_handler};
    struct sigaction previous;
    (void)state;

    sigaction(SIGUSR1, &mine, &previous);
    for (size_t i = 0; i < PHASE_COUNT; i++)
        cancel_in(&phases[i], true);
    sigaction(SIGUSR1, &previous, NULL);
}

/* True if the call was in the phase when it timed out. */
static bool was_reached(const struct scene *scene, const struct phase *phase)
{
    const size_t requests = scene->server != NULL ? scene_requests(scene) : 0;
    return scene->error.attempts >= 1 && requests >= phase->requests &&
           (!phase->submitted || scene->error.task_id.text[0] != '\0');
}

/* Returns whether the call was in the phase, which it reaches later on a busy machine. The last timeout is accepted
 * in any case. */
static bool end_by_deadline(const struct phase *phase, int timeout_ms, bool is_last)
{
    const dm_call_options call = {.timeout_ms = timeout_ms};
    struct stalled_listener *stalled = NULL;
    struct scene scene;

    open_phase(&scene, phase, &stalled);
    const long long begun = now_ms();
    const long long own_begun = own_ms();
    const dm_status status = phase->call(&scene, &call);
    const long long own_taken = own_ms() - own_begun;
    if (status != DM_ERR_TIMEOUT || own_taken >= timeout_ms + TOO_LONG_MS || now_ms() - begun < timeout_ms)
        fail_msg("%s: %s after %lld ms", phase->name, dm_status_name(status), own_taken);
    if (scene.error.http_status != 0 && scene.error.http_status < 400)
        fail_msg("%s: timed out, but with HTTP %d", phase->name, scene.error.http_status);
    const bool reached = was_reached(&scene, phase);
    if (reached || is_last)
        check_phase(&scene, phase);
    close_phase(&scene, stalled);
    return reached || is_last;
}

static void a_deadline_ends_a_call_in_each_phase(void **state)
{
    (void)state;
    for (size_t i = 0; i < PHASE_COUNT; i++) {
        const struct phase *phase = &phases[i];
        int timeout_ms = phase->play == play_unread_upload ? 5 * DEADLINE_MS : DEADLINE_MS;

        if (phase->play == play_retry_pause || phase->play == play_broken) /* see the next test */
            continue;
        while (!end_by_deadline(phase, timeout_ms, timeout_ms > TOO_LONG_MS / 4))
            timeout_ms *= 4;
    }
}

static void a_pause_that_ends_after_the_deadline_is_not_started(void **state)
{
    (void)state;
    for (size_t i = 0; i < PHASE_COUNT; i++) {
        const struct phase *phase = &phases[i];
        const dm_call_options call = {.timeout_ms = TOO_LONG_MS}; /* the pause is longer */
        struct stalled_listener *stalled = NULL;
        struct scene scene;

        if (phase->play != play_retry_pause && phase->play != play_broken)
            continue;
        open_phase(&scene, phase, &stalled);
        const long long begun = now_ms();
        assert_status(phase->call(&scene, &call), phase->play == play_broken ? DM_ERR_NETWORK : DM_ERR_SERVER,
                      &scene.error);
        assert_true(now_ms() - begun < TOO_LONG_MS);
        check_phase(&scene, phase);
        close_phase(&scene, stalled);
    }
}

/* ---- Outside the phases ---- */

static void a_call_with_a_fired_cancel_sends_nothing(void **state)
{
    dm_call_options call = {0};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    dm_cancel_fire(call.cancel);
    assert_status(scene_get(&scene, &call), DM_ERR_CANCELLED, &scene.error);
    assert_int_equal(scene.error.attempts, 0);
    assert_status(scene_create(&scene, &call), DM_ERR_CANCELLED, &scene.error);
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(fault_server_connection_count(scene.server), 0);
    scene_end(&scene);
    dm_cancel_free(call.cancel);
}

static void a_client_continues_to_work_after_a_cancel(void **state)
{
    const struct phase *phase = &phases[3];
    dm_call_options call = {0};
    struct trigger end = {.requests = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    phase->play(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    end.server = scene.server;
    end.cancel = call.cancel;
    assert_int_equal(pthread_create(&end.thread, NULL, pull, &end), 0);
    assert_status(scene_get(&scene, &call), DM_ERR_CANCELLED, &scene.error);
    pthread_join(end.thread, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
    dm_cancel_free(call.cancel);
}

struct caller {
    struct scene *scene;
    const dm_call_options *call;
    dm_status status;
    pthread_t thread;
};

static void *get_account(void *argument)
{
    struct caller *me = argument;
    dm_account *account = NULL;
    me->status = dm_account_retrieve(me->scene->client, me->call, &account, NULL);
    dm_account_free(account);
    return NULL;
}

static void one_cancel_ends_every_call_that_uses_it(void **state)
{
    enum { CALLERS = 8 };
    struct caller callers[CALLERS];
    dm_call_options call = {0};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    scene.log_count[0] = 0;
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){.scene = &scene, .call = &call};
        assert_int_equal(pthread_create(&callers[i].thread, NULL, get_account, &callers[i]), 0);
    }
    assert_true(fault_server_await_requests(scene.server, CALLERS, LONG_MS));
    dm_cancel_fire(call.cancel);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i].thread, NULL);
    for (int i = 0; i < CALLERS; i++)
        assert_status(callers[i].status, DM_ERR_CANCELLED, NULL);
    scene_end(&scene);
    dm_cancel_free(call.cancel);
}

static void a_wait_for_many_tasks_is_cancelled(void **state)
{
    static const struct phase polling = {"polling for many", NULL, wait_all, 1, false, false};
    const dm_client_options options = {.poll_delay_ms = POLL_MS};
    dm_call_options call = {0};
    struct trigger end = {.requests = polling.requests};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[" SCENE_PENDING "]}");
    scene_start(&scene, &options);
    assert_status(dm_cancel_new(&call.cancel, NULL), DM_OK, NULL);
    end.server = scene.server;
    end.cancel = call.cancel;
    assert_int_equal(pthread_create(&end.thread, NULL, pull, &end), 0);
    const long long begun = now_ms();
    assert_status(wait_all(&scene, &call), DM_ERR_CANCELLED, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    pthread_join(end.thread, NULL);
    scene_end(&scene);
    dm_cancel_free(call.cancel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_cancels_a_call_in_each_phase),
        cmocka_unit_test(a_signal_handler_cancels_a_call_in_each_phase),
        cmocka_unit_test(a_deadline_ends_a_call_in_each_phase),
        cmocka_unit_test(a_pause_that_ends_after_the_deadline_is_not_started),
        cmocka_unit_test(a_call_with_a_fired_cancel_sends_nothing),
        cmocka_unit_test(a_client_continues_to_work_after_a_cancel),
        cmocka_unit_test(one_cancel_ends_every_call_that_uses_it),
        cmocka_unit_test(a_wait_for_many_tasks_is_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

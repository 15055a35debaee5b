#include "api/poll.h"

#include "base/clock.h"
#include "scene.h"
#include "test.h"

enum { LONG_MS = 30 * 1000 };

static void begin(struct call *call, struct scene *scene, const dm_client_options *options)
{
    static const dm_call_options own = {.timeout_ms = LONG_MS / 2};
    scene_init(scene);
    scene_start_at(scene, "http://127.0.0.1:1", options);
    call_open(call, scene->client, NULL, NULL, &own, &scene->error);
    assert_true(call_is_well(call));
}

static void finish(struct call *call, struct scene *scene)
{
    assert_int_equal(call_close(call), DM_OK);
    scene_end(scene);
}

/* A poll whose task is pending. */
static void poll_once(struct poll *poll, struct call *call)
{
    assert_true(poll_wait(poll, call));
    poll_note(poll, call, POLL_PENDING);
}

static void no_pause_is_longer_than_max_poll_delay_ms(void **state)
{
    const dm_client_options options = {.poll_delay_ms = LONG_MS, .max_poll_delay_ms = 1};
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, &options);
    struct poll poll;
    poll_begin(&poll, &call, pace_key_version(1));
    for (int round = 0; round < 10; round++)
        poll_once(&poll, &call);
    assert_true(call_has_time(&call));
    finish(&call, &scene);
}

/* From the second pause on, pauses are randomly 30 to 40 ms long: of 30, at least one is in the upper half. */
static void pauses_are_different(void **state)
{
    const dm_client_options options = {.poll_delay_ms = 40, .max_poll_delay_ms = 40};
    int64_t longest = 0;
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, &options);
    struct poll poll;
    poll_begin(&poll, &call, pace_key_version(1));
    poll_once(&poll, &call);
    for (int round = 1; round <= 30; round++) {
        const int64_t begun = clock_now();
        poll_once(&poll, &call);
        const int64_t pause = clock_now() - begun;
        assert_true(pause >= 30);
        longest = pause > longest ? pause : longest;
    }
    assert_true(longest >= 35);
    finish(&call, &scene);
}

/* ---- Learning ---- */

static int tasks_known(const struct call *call, struct pace_key key)
{
    return client_pace(call->client, key).count;
}

static void wait_that_ends_with(struct call *call, struct pace_key key, enum poll_finding before,
                                enum poll_finding finding)
{
    struct poll poll;
    poll_begin(&poll, call, key);
    assert_true(poll_wait(&poll, call));
    poll_note(&poll, call, before);
    assert_true(poll_wait(&poll, call));
    poll_note(&poll, call, finding);
}

static void only_successful_tasks_are_learned_from(void **state)
{
    const dm_client_options options = {.poll_delay_ms = 1, .max_poll_delay_ms = 1};
    const struct pace_key key = pace_key_spec(dm_private_spec(42));
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, &options);
    wait_that_ends_with(&call, key, POLL_PENDING, POLL_ERROR);
    wait_that_ends_with(&call, key, POLL_PENDING, POLL_UNKNOWN);
    assert_int_equal(tasks_known(&call, key), 0);
    wait_that_ends_with(&call, key, POLL_PENDING, POLL_SUCCESS);
    assert_int_equal(tasks_known(&call, key), 1);
    assert_int_equal(tasks_known(&call, pace_key_version(42)), 0);
    finish(&call, &scene);
}

/* A task that another process submitted may have been finished for hours. */
static void nothing_is_learned_from_a_task_that_was_done_before_the_wait(void **state)
{
    const struct pace_key keys[] = {{.kind = PACE_TASK}, {.kind = PACE_TASKS}};
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, NULL);
    for (size_t i = 0; i < 2; i++) {
        struct poll poll;
        poll_begin(&poll, &call, keys[i]);
        assert_true(poll_wait(&poll, &call));
        poll_note(&poll, &call, POLL_SUCCESS);
        assert_int_equal(tasks_known(&call, keys[i]), 0);
        wait_that_ends_with(&call, keys[i], POLL_PENDING, POLL_SUCCESS);
        assert_int_equal(tasks_known(&call, keys[i]), 1);
    }
    finish(&call, &scene);
}

static void a_wait_uses_what_was_learned(void **state)
{
    enum { TASK_MS = 120, UNTAUGHT_MS = 30 };
    const struct pace_key key = pace_key_version(7);
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, NULL);
    for (int i = 0; i < 8; i++)
        client_learn_pace(call.client, key, &(struct pace_observation){TASK_MS, TASK_MS, 1});
    const int64_t begun = clock_now();
    struct poll poll;
    poll_begin(&poll, &call, key);
    poll_once(&poll, &call);
    assert_true(clock_now() - begun > TASK_MS - UNTAUGHT_MS);
    finish(&call, &scene);
}

/* If the first poll is expected after the deadline, it is made before the deadline. */
static void a_last_poll_comes_before_the_end_of_the_call(void **state)
{
    static const dm_call_options own = {.timeout_ms = 400};
    const struct pace_key key = pace_key_version(7);
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_start_at(&scene, "http://127.0.0.1:1", NULL);
    call_open(&call, scene.client, NULL, NULL, &own, &scene.error);
    for (int i = 0; i < 8; i++)
        client_learn_pace(call.client, key, &(struct pace_observation){LONG_MS, LONG_MS, 1});
    struct poll poll;
    poll_begin(&poll, &call, key);
    const int64_t begun = clock_now();
    if (poll_wait(&poll, &call)) /* unless the machine is too busy */
        assert_true(clock_now() - begun < own.timeout_ms);
    assert_true(clock_now() - begun >= 250);
    finish(&call, &scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pause_is_longer_than_max_poll_delay_ms),
        cmocka_unit_test(pauses_are_different),
        cmocka_unit_test(only_successful_tasks_are_learned_from),
        cmocka_unit_test(nothing_is_learned_from_a_task_that_was_done_before_the_wait),
        cmocka_unit_test(a_wait_uses_what_was_learned),
        cmocka_unit_test(a_last_poll_comes_before_the_end_of_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

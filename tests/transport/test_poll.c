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
    call_open(call, scene->client, "out", true, &own, &scene->error);
    assert_true(call_is_well(call));
}

static void finish(struct call *call, struct scene *scene)
{
    assert_int_equal(call_close(call), DM_OK);
    scene_end(scene);
}

static void no_pause_is_longer_than_max_poll_delay_ms(void **state)
{
    const dm_client_options options = {.poll_delay_ms = LONG_MS, .max_poll_delay_ms = 1};
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, &options);
    struct poll poll = {0};
    for (int round = 0; round < 10; round++)
        assert_true(poll_wait(&poll, &call));
    assert_true(call_has_time(&call));
    finish(&call, &scene);
}

/* From the second one on they are 20 to 40 ms long, as chance will have it: not all of 30 are in the lower half. */
static void pauses_differ_from_each_other(void **state)
{
    const dm_client_options options = {.poll_delay_ms = 40, .max_poll_delay_ms = 40};
    int64_t longest = 0;
    struct call call;
    struct scene scene;
    (void)state;

    begin(&call, &scene, &options);
    struct poll poll = {.round = 1};
    for (int round = 1; round <= 30; round++) {
        const int64_t begun = clock_now();
        assert_true(poll_wait(&poll, &call));
        const int64_t pause = clock_now() - begun;
        assert_true(pause >= 20);
        longest = pause > longest ? pause : longest;
    }
    assert_true(longest >= 30);
    finish(&call, &scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pause_is_longer_than_max_poll_delay_ms),
        cmocka_unit_test(pauses_differ_from_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "api/task.h"

#include "base/clock.h"
#include "scene.h"
#include "test.h"

enum { LONG_MS = 30 * 1000 };

static int out;

static void begin(struct call *on, struct scene *of, const dm_client_options *options)
{
    static const dm_call own = {.timeout_ms = LONG_MS / 2};
    scene_init(of);
    scene_start_at(of, "http://127.0.0.1:1", options);
    call_open(on, of->client, &own, &out, &of->error);
    assert_int_equal(on->status, DM_OK);
}

static void finish(struct call *on, struct scene *of)
{
    assert_int_equal(call_close(on), DM_OK);
    scene_end(of);
}

static void no_pause_is_longer_than_max_poll_delay_ms(void **state)
{
    const dm_client_options options = {.poll_delay_ms = LONG_MS, .max_poll_delay_ms = 1};
    struct call on;
    struct scene of;
    (void)state;

    begin(&on, &of, &options);
    for (int round = 0; round < 10; round++)
        task_pause(&on, round);
    assert_false(on.out_of_time);
    finish(&on, &of);
}

/* From the second one on they are 20 to 40 ms long, as chance will have it: not all of 30 are in the lower half. */
static void pauses_differ_from_each_other(void **state)
{
    const dm_client_options options = {.poll_delay_ms = 40, .max_poll_delay_ms = 40};
    int64_t longest = 0;
    struct call on;
    struct scene of;
    (void)state;

    begin(&on, &of, &options);
    for (int round = 1; round <= 30; round++) {
        const int64_t begun = clock_now();
        task_pause(&on, round);
        const int64_t pause = clock_now() - begun;
        assert_true(pause >= 20);
        longest = pause > longest ? pause : longest;
    }
    assert_true(longest >= 30);
    finish(&on, &of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_pause_is_longer_than_max_poll_delay_ms),
        cmocka_unit_test(pauses_differ_from_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

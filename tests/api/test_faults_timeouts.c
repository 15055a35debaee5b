/* Timeouts: that of the client, of connecting, and of an upload that the server does not read. */
#include <deepomatic.h>

#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "stalled_listener.h"
#include "test.h"
#include "unread_upload_test.h"

enum { DEADLINE_MS = 200 };

static void the_clients_timeout_applies_to_a_call_without_one(void **state)
{
    const dm_client_options options = {.timeout_ms = DEADLINE_MS};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, &options);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, NULL), DM_ERR_TIMEOUT, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    scene_end(&scene);
}

static void a_negative_timeout_means_none(void **state)
{
    const dm_client_options options = {.timeout_ms = 1};
    const dm_call_options call = {.timeout_ms = -1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" SCENE_ACCOUNT)->drip = true;
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, &call), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_connection_that_is_not_established_ends_with_the_connect_timeout(void **state)
{
    const dm_client_options options = {.connect_timeout_ms = 100, .max_attempts = 2};
    struct stalled_listener *stalled = stalled_listener_start();
    struct scene scene;
    (void)state;

    assert_non_null(stalled);
    scene_init(&scene);
    scene_start_at(&scene, stalled_listener_url(stalled), &options);
    const long long begun = now_ms();
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    assert_int_equal(scene.error.attempts, 2);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
    stalled_listener_stop(stalled);
}

static void an_upload_that_is_not_read_ends_with_the_stall_timeout(void **state)
{
    const dm_client_options options = {.stall_timeout_ms = 200, .max_attempts = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    play_unread_upload(&scene);
    scene_start(&scene, &options);
    const long long begun = now_ms();
    assert_status(infer_big(&scene, NULL), DM_ERR_TIMEOUT, NULL);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clients_timeout_applies_to_a_call_without_one),
        cmocka_unit_test(a_negative_timeout_means_none),
        cmocka_unit_test(a_connection_that_is_not_established_ends_with_the_connect_timeout),
        cmocka_unit_test(an_upload_that_is_not_read_ends_with_the_stall_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

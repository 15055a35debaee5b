/* Waiting for one task while polls fail. */
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "test.h"

#include <string.h>

static void a_retry_after_beyond_the_deadline_ends_a_wait_at_once(void **state)
{
    static const dm_task_id id = {"123"};
    const dm_call_options call = {.timeout_ms = LONG_MS};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 3600\r\n", "");
    scene_start(&scene, NULL);
    const long long begun = now_ms();
    assert_status(scene_wait(&scene, &call), DM_ERR_SERVER, &scene.error); /* because the deadline has not passed */
    assert_non_null(strstr(scene.error.message, "/tasks/123: HTTP 503, and the service asks to wait 3600 s"));
    assert_int_equal(scene.error.retry_after_ms, 3600 * 1000);
    assert_string_equal(scene.error.task_id.text, "123");

    dm_status status = dm_task_wait_all(scene.client, &id, 1, &call, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_SERVER, &scene.error);
    assert_non_null(strstr(scene.error.message, "HTTP 503, and the service asks to wait 3600 s"));
    assert_true(now_ms() - begun < TOO_LONG_MS);
    scene_end(&scene);
}

static void a_failing_poll_does_not_end_the_wait(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "", "");
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "200 OK", "", SCENE_PENDING);
    scene_break(&scene, FAULT_THEN_RESET);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, &options);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 5);
    scene_end(&scene);
}

static void a_wait_that_times_out_reports_the_last_failure(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    dm_call_options call = {.timeout_ms = 300};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "", "{\"detail\":\"gone fishing\"}");
    scene_start(&scene, &options);
    assert_status(scene_wait(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    for (; scene.error.attempts < 2 && call.timeout_ms < LONG_MS; call.timeout_ms *= 4) /* on a busy machine */
        assert_status(scene_wait(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "gone fishing"));
    assert_string_equal(scene.error.task_id.text, "123");
    /* The deadline may abort an attempt before its request reaches the server. */
    assert_in_range(scene.error.attempts, scene_requests(&scene), scene_requests(&scene) + 1);
    scene_end(&scene);
}

static void a_permanent_failure_ends_the_wait(void **state)
{
    static const struct {
        const char *http;
        const char *body;
        dm_status status;
        size_t requests; /* a single 404 is not a failure yet */
    } cases[] = {{"404 Not Found", "", DM_ERR_NOT_FOUND, 3},
                 {"401 Unauthorized", "", DM_ERR_CREDENTIALS, 2},
                 {"200 OK", "{", DM_ERR_BAD_RESPONSE, 2},
                 {"200 OK", "{\"id\":\"123\",\"status\":\"undecided\"}", DM_ERR_BAD_RESPONSE, 2}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_PENDING);
        scene_reply(&scene, cases[i].http, "", cases[i].body);
        scene_start(&scene, NULL);
        assert_status(scene_wait(&scene, NULL), cases[i].status, &scene.error);
        assert_string_equal(scene.error.task_id.text, "123");
        assert_int_equal(scene_requests(&scene), cases[i].requests);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retry_after_beyond_the_deadline_ends_a_wait_at_once),
        cmocka_unit_test(a_failing_poll_does_not_end_the_wait),
        cmocka_unit_test(a_wait_that_times_out_reports_the_last_failure),
        cmocka_unit_test(a_permanent_failure_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

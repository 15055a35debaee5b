/* Transient failures: which ones are retried, and how often. */
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <string.h>

static void a_transient_http_status_is_retried(void **state)
{
    static const char *const passing[] = {"408 Request Timeout", "429 Too Many Requests",   "500 Internal Server Error",
                                          "502 Bad Gateway",     "503 Service Unavailable", "504 Gateway Timeout"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(passing); i++) {
        scene_reply(&scene, passing[i], "", "");
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    }
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(passing); i++) {
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2 * (i + 1));
    }
    scene_end(&scene);
}

static void a_permanent_http_status_is_not_retried(void **state)
{
    static const char *const lasting[] = {"400 Bad Request", "401 Unauthorized", "403 Forbidden",      "404 Not Found",
                                          "409 Conflict",    "410 Gone",         "501 Not Implemented"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(lasting); i++)
        scene_reply(&scene, lasting[i], "", "");
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(lasting); i++) {
        assert_int_not_equal(scene_get(&scene, NULL), DM_OK);
        assert_int_equal(scene.error.attempts, 1);
        assert_false(scene.error.outcome_unknown);
    }
    assert_int_equal(scene_requests(&scene), COUNT(lasting));
    scene_end(&scene);
}

static void a_broken_reply_is_retried(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_RESET);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-")->ending = FAULT_THEN_CLOSE;
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{")->ending = FAULT_THEN_CLOSE;
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 5);
    assert_int_equal(scene.log_count[DM_LOG_INFO], 5);
    assert_int_equal(scene.log_count[DM_LOG_WARNING], libcurl_warnings() + 4);
    scene_end(&scene);
}

static void a_stalled_attempt_is_retried(void **state)
{
    const dm_client_options options = {.stall_timeout_ms = 1000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void no_more_attempts_are_made_than_max_attempts(void **state)
{
    (void)state;
    for (int most = 1; most <= 4; most++) {
        const dm_client_options options = {.max_attempts = most};
        struct scene scene;

        scene_init(&scene);
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_start(&scene, &options);
        assert_status(scene_get(&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_int_equal(scene.error.attempts, most);
        assert_int_equal(scene_requests(&scene), most);
        assert_int_equal(strstr(scene.error.message, "attempts)") != NULL, most > 1);
        scene_end(&scene);
    }
}

static void five_attempts_are_made_by_default(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "", "{\"detail\":\"busy\"}");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.attempts, 5);
    assert_int_equal(scene.error.http_status, 503);
    assert_string_equal(scene.error.server_message, "busy");
    scene_end(&scene);
}

static void repeatable_calls_are_repeated(void **state)
{
    static const struct {
        scene_call *call;
        const char *reply;
    } cases[] = {{scene_get, SCENE_ACCOUNT},
                 {scene_update, SCENE_SPEC},
                 {scene_delete, ""},
                 {scene_submit_image, SCENE_TASK_ID}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, SCENE_BUSY, "", "");
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_reply(&scene, "200 OK", "", cases[i].reply);
        scene_start(&scene, NULL);
        assert_status(cases[i].call(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 3);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_transient_http_status_is_retried),
        cmocka_unit_test(a_permanent_http_status_is_not_retried),
        cmocka_unit_test(a_broken_reply_is_retried),
        cmocka_unit_test(a_stalled_attempt_is_retried),
        cmocka_unit_test(no_more_attempts_are_made_than_max_attempts),
        cmocka_unit_test(five_attempts_are_made_by_default),
        cmocka_unit_test(repeatable_calls_are_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

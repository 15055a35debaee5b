/* A repeated request that finds nothing: the first delete may have succeeded. */
#include "assert_status.h"
#include "scene.h"
#include "test.h"

static void a_broken_delete_that_then_finds_nothing_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* nginx, Django and many gateways reply with HTML. */
static void a_failed_delete_that_then_gets_an_html_404_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "", "");
    scene_reply(&scene, "404 Not Found", "Content-Type: text/html\r\n", "<h1>Not Found</h1>");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* In this test, libcurl itself repeats the request. */
static void a_delete_that_broke_on_a_warm_connection_and_then_finds_nothing_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

static void a_delete_that_finds_nothing_at_once_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "404 Not Found", "", "{\"detail\":\"Not found.\"}");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void a_delete_that_was_rejected_and_then_finds_nothing_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "", "");
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_int_equal(scene.error.attempts, 2);
    scene_end(&scene);
}

static void a_get_that_broke_and_then_finds_nothing_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_delete_that_then_finds_nothing_has_succeeded),
        cmocka_unit_test(a_failed_delete_that_then_gets_an_html_404_has_succeeded),
        cmocka_unit_test(a_delete_that_broke_on_a_warm_connection_and_then_finds_nothing_has_succeeded),
        cmocka_unit_test(a_delete_that_finds_nothing_at_once_is_not_found),
        cmocka_unit_test(a_delete_that_was_rejected_and_then_finds_nothing_is_not_found),
        cmocka_unit_test(a_get_that_broke_and_then_finds_nothing_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

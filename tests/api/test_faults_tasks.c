/* Lists of many tasks, from a server that replies with many pages, late, or not at all. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "many_tasks_test.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static dm_status list(struct scene *scene, const dm_task_id *ids, size_t count, dm_tasks **tasks)
{
    return scene_check(scene, dm_task_list(scene->client, ids, count, NULL, tasks, &scene->error));
}

static void a_list_follows_its_pages_and_keeps_the_order_of_the_ids(void **state)
{
    static const dm_task_id ids[] = {{"c"}, {"a"}, {"b"}, {"a"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, "/v0.7/tasks?page=2", DONE("a"));
    add_page(&scene, "/v0.7/tasks?page=3", "");
    add_page(&scene, NULL, PENDING("stranger") "," FAILED("c"));
    scene_start(&scene, &quick);
    assert_status(list(&scene, ids, 4, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->task_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_string_equal(tasks->tasks[i].id.text, ids[i].text);
    assert_int_equal(tasks->tasks[0].status, DM_TASK_ERROR);
    assert_string_equal(tasks->tasks[0].error, "no image");
    assert_int_equal(tasks->tasks[1].status, DM_TASK_SUCCESS);
    assert_int_equal(tasks->tasks[2].status, DM_TASK_MISSING);
    assert_int_equal(tasks->tasks[3].status, DM_TASK_SUCCESS);
    assert_int_equal(tasks->pending_count, 0);
    assert_string_equal(scene_request(&scene, 0)->target, "/v0.7/tasks?task_ids=a&task_ids=b&task_ids=c&limit=100");
    assert_string_equal(scene_request(&scene, 1)->target, "/v0.7/tasks?page=2");
    assert_string_equal(scene_request(&scene, 2)->target, "/v0.7/tasks?page=3");
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static size_t count_of(const char *needle, const char *in)
{
    size_t count = 0;
    for (const char *at = strstr(in, needle); at != NULL; at = strstr(at + 1, needle))
        count++;
    return count;
}

static void a_request_asks_for_no_more_than_100_ids(void **state)
{
    enum { COUNT = 250 };
    static dm_task_id ids[COUNT];
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    for (int i = 0; i < COUNT; i++)
        snprintf(ids[i].text, sizeof ids[i].text, "%d", i);
    scene_init(&scene);
    add_page(&scene, NULL, "");
    scene_start(&scene, &quick);
    assert_status(list(&scene, ids, COUNT, &tasks), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(count_of("task_ids=", scene_request(&scene, i)->target), i < 2 ? 100 : 50);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static void a_list_of_no_ids_sends_no_request(void **state)
{
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, "");
    scene_start(&scene, &quick);
    assert_status(list(&scene, NULL, 0, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->task_count, 0);
    dm_tasks_free(tasks);
    assert_status(wait_all(&scene, NULL, 0, NULL, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->task_count, 0);
    dm_tasks_free(tasks);
    assert_int_equal(scene_requests(&scene), 0);
    scene_end(&scene);
}

/* Also if the cause is transient, because a list does not poll again. */
static void a_list_that_the_service_cannot_give_is_a_failure(void **state)
{
    static const dm_task_id id = {"1"};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_start(&scene, &quick);
    assert_status(list(&scene, &id, 1, &tasks), DM_ERR_SERVER, &scene.error);
    assert_null(tasks);
    scene_end(&scene);
}

static void a_hundred_tasks_may_come_on_a_hundred_pages(void **state)
{
    enum { COUNT = 100 };
    static dm_task_id ids[COUNT];
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 0; i < COUNT; i++) {
        char task[128];
        snprintf(ids[i].text, sizeof ids[i].text, "%d", i);
        snprintf(task, sizeof task, DONE("%d"), i);
        add_page(&scene, i < COUNT - 1 ? "/v0.7/tasks?next" : NULL, task);
    }
    scene_start(&scene, &quick);
    assert_status(list(&scene, ids, COUNT, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->task_count, COUNT);
    for (int i = 0; i < COUNT; i++)
        assert_int_equal(tasks->tasks[i].status, DM_TASK_SUCCESS);
    assert_int_equal(scene_requests(&scene), COUNT);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static void endless_pages_are_an_error(void **state)
{
    static const dm_task_id id = {"1"};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, "/v0.7/tasks?again", PENDING("1"));
    scene_start(&scene, &quick);
    assert_status(list(&scene, &id, 1, &tasks), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "does not end"));
    assert_non_null(strstr(scene.error.message, "GET http://"));
    assert_non_null(strstr(scene.error.message, "/v0.7/tasks?again: "));
    assert_int_equal(scene_requests(&scene), 101);
    assert_status(wait_all(&scene, &id, 1, NULL, &tasks), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_int_equal(scene_requests(&scene), 202);
    assert_null(tasks);
    scene_end(&scene);
}

/* For example because a cache confuses its entries. */
static void the_task_of_another_id_is_refused(void **state)
{
    const dm_input image = scene_image();
    dm_task *task = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", "{\"id\":\"124\",\"status\":\"success\",\"data\":{\"outputs\":[]}}");
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "/tasks/123: in the reply, the id is another task's: 124"));
    assert_string_equal(scene.error.task_id.text, "123");

    const dm_status status = dm_task_retrieve(scene.client, (dm_task_id){"123"}, NULL, &task, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_null(task);
    scene_end(&scene);
}

/* A task that is done, but whose data is not an inference. */
static void a_task_without_outputs_has_no_inference(void **state)
{
    static const char *const members[] = {"", ",\"data\":null", ",\"data\":{}", ",\"data\":{\"outputs\":null}",
                                          ",\"data\":{\"outputs\":{\"labels\":{}}}"};
    (void)state;
    for (size_t i = 0; i < COUNT(members); i++) {
        const dm_input image = scene_image();
        char body[128];
        struct scene scene;

        snprintf(body, sizeof body, "{\"id\":\"123\",\"status\":\"success\"%s}", members[i]);
        scene_init(&scene);
        scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
        scene_reply(&scene, "200 OK", "", body);
        scene_start(&scene, &quick);
        assert_status(scene_infer(&scene, &image, NULL), DM_ERR_BAD_RESPONSE, &scene.error);
        assert_non_null(strstr(scene.error.message, "data.outputs"));
        assert_string_equal(scene.error.task_id.text, "123");
        assert_int_equal(scene_requests(&scene), 2);
        scene_end(&scene);
    }
}

static void a_failed_task_without_an_error_text_is_a_failure(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", "{\"id\":\"123\",\"status\":\"error\",\"error\":null,\"data\":null}");
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_TASK_FAILED, &scene.error);
    assert_non_null(strstr(scene.error.message, "task 123 failed"));
    assert_string_equal(scene.error.server_message, "");
    assert_string_equal(scene.error.task_id.text, "123");
    scene_end(&scene);
}

static void an_endless_list_of_empty_pages_ends_an_iteration(void **state)
{
    dm_spec_iter *specs = NULL;
    dm_version_iter *versions = NULL;
    const dm_spec *spec = NULL;
    const dm_version *version = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, "/v0.7/recognition/public?offset=0", "");
    scene_start(&scene, &quick);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PUBLIC, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(scene_check(&scene, dm_spec_iter_next(specs, NULL, &spec, &scene.error)), DM_ERR_BAD_RESPONSE,
                  &scene.error);
    assert_non_null(strstr(scene.error.message, "/v0.7/recognition/public?offset=0: the list does not end"));
    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &versions, NULL), DM_OK, NULL);
    assert_status(scene_check(&scene, dm_version_iter_next(versions, NULL, &version, &scene.error)),
                  DM_ERR_BAD_RESPONSE, &scene.error);
    dm_spec_iter_free(specs);
    dm_version_iter_free(versions);
    scene_end(&scene);
}

static void a_hundred_empty_pages_in_a_row_end_an_iteration(void **state)
{
    dm_spec_iter *specs = NULL;
    dm_version_iter *versions = NULL;
    const dm_spec *spec = NULL;
    const dm_version *version = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 0; i < 250; i++) {
        char next[64];
        snprintf(next, sizeof next, "/v0.7/recognition/public?offset=%d", i);
        add_page(&scene, next, "");
    }
    scene_start(&scene, &quick);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PUBLIC, NULL, &specs, NULL), DM_OK, NULL);
    assert_status(scene_check(&scene, dm_spec_iter_next(specs, NULL, &spec, &scene.error)), DM_ERR_BAD_RESPONSE,
                  &scene.error);
    assert_int_equal(scene_requests(&scene), 100);
    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &versions, NULL), DM_OK, NULL);
    assert_status(scene_check(&scene, dm_version_iter_next(versions, NULL, &version, &scene.error)),
                  DM_ERR_BAD_RESPONSE, &scene.error);
    assert_int_equal(scene_requests(&scene), 200);
    dm_spec_iter_free(specs);
    dm_version_iter_free(versions);
    scene_end(&scene);
}

static void an_iteration_continues_after_a_failure(void **state)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    add_page(&scene, "/v0.7/recognition/specs?offset=1", SCENE_SPEC);
    scene_reply(&scene, "502 Bad Gateway", "", "");
    add_page(&scene, NULL, SCENE_SPEC);
    scene_start(&scene, &quick);
    assert_status(dm_spec_iter_new(scene.client, DM_VISIBILITY_PRIVATE, NULL, &iter, NULL), DM_OK, NULL);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_ERR_SERVER, &scene.error);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_OK, &scene.error);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_ERR_SERVER, &scene.error);
    assert_null(spec);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_OK, &scene.error);
    assert_int_equal(spec->id.private_id, 42);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_DONE, &scene.error);
    assert_status(dm_spec_iter_next(iter, NULL, &spec, &scene.error), DM_DONE, &scene.error);
    assert_null(spec);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_follows_its_pages_and_keeps_the_order_of_the_ids),
        cmocka_unit_test(a_request_asks_for_no_more_than_100_ids),
        cmocka_unit_test(a_list_of_no_ids_sends_no_request),
        cmocka_unit_test(a_list_that_the_service_cannot_give_is_a_failure),
        cmocka_unit_test(a_hundred_tasks_may_come_on_a_hundred_pages),
        cmocka_unit_test(endless_pages_are_an_error),
        cmocka_unit_test(the_task_of_another_id_is_refused),
        cmocka_unit_test(a_task_without_outputs_has_no_inference),
        cmocka_unit_test(a_failed_task_without_an_error_text_is_a_failure),
        cmocka_unit_test(an_endless_list_of_empty_pages_ends_an_iteration),
        cmocka_unit_test(a_hundred_empty_pages_in_a_row_end_an_iteration),
        cmocka_unit_test(an_iteration_continues_after_a_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A service that returns an invalid reply for one task of several, or rejects it: the others keep their results. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "field_test.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* ---- One unusual task among others ---- */

static void check_unreadable(const dm_task *task, const char *why, const char *data)
{
    assert_int_equal(task->status, DM_TASK_UNREADABLE);
    assert_non_null(task->error);
    assert_non_null(strstr(task->error, why));
    assert_string_equal(task->data, data);
    assert_null(task->inference);
}

/* A wait polls it a second time, in case the first reply was a temporary error. */
static void a_task_without_an_id_does_not_affect_the_others(void **state)
{
    static const dm_task_id ids[] = {{"123"}, {"124"}};
    (void)state;

    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;
        scene_init(&scene);
        GOOD(&scene, LAST_PAGE("{\"status\":\"success\"}," SCENE_SUCCESS));
        GOOD(&scene, LAST_PAGE("{\"status\":\"success\"}," SCENE_SUCCESS));
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        assert_int_equal(tasks->tasks[0].status, DM_TASK_SUCCESS);
        assert_int_equal(tasks->tasks[1].status, DM_TASK_UNREADABLE);
        assert_non_null(strstr(tasks->tasks[1].error, "without a valid id"));
        assert_int_equal(scene_requests(&scene), i + 1);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void a_task_that_cannot_be_read_does_not_affect_the_others(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}, {"3"}, {"4"}};
    static const char tasks_page[] =
        LAST_PAGE(DONE("1") ",{\"id\":\"2\",\"status\":\"canceled\",\"data\":{\"by\":7}},"
                            "{\"id\":\"3\",\"status\":\"success\",\"data\":" LABELS_DATA("\"high\"") "}," DONE("4"));
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, tasks_page);
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        check_unreadable(&tasks->tasks[1], "status", "{\"by\":7}");
        check_unreadable(&tasks->tasks[2], "data.outputs[0].labels.predicted[0].score", LABELS_DATA("\"high\""));
        check_good(&tasks->tasks[3]);
        assert_int_equal(scene_requests(&scene), 1);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

/* Each task has an id, so each is judged by itself. */
static void a_task_without_a_readable_status_does_not_affect_the_others(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}, {"3"}};
    static const char *const members[] = {"", "\"status\":null,", "\"status\":7,",
                                          "\"status\":{\"name\":\"success\"},"};
    (void)state;
    for (size_t i = 0; i < COUNT(members) * COUNT(ways_to_ask); i++) {
        char page[512];
        struct scene scene;

        snprintf(page, sizeof page, LAST_PAGE(DONE("1") ",{\"id\":\"2\",%s\"data\":{\"a\":1}}," DONE("3")),
                 members[i / COUNT(ways_to_ask)]);
        scene_init(&scene);
        GOOD(&scene, page);
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i % COUNT(ways_to_ask)], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        check_unreadable(&tasks->tasks[1], "results[1].status", "{\"a\":1}");
        check_good(&tasks->tasks[2]);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void check_failed(const dm_task *task, const char *words)
{
    assert_int_equal(task->status, DM_TASK_ERROR);
    assert_non_null(task->error);
    assert_non_null(strstr(task->error, words));
}

#define FAILED(id, error) "{\"id\":\"" id "\",\"status\":\"error\",\"error\":" error ",\"data\":null}"

static void the_error_of_a_task_may_be_an_object_or_a_list(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}, {"3"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, LAST_PAGE(FAILED("1", "{\"code\":3,\"message\":\"no such image\"}") "," FAILED(
                         "2", "[\"too dark\"]") "," DONE("3")));
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_failed(&tasks->tasks[0], "no such image");
        check_failed(&tasks->tasks[1], "too dark");
        check_good(&tasks->tasks[2]);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void an_inference_gives_the_message_of_an_error_that_is_an_object(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    GOOD(&scene, FAILED("123", "{\"code\":3,\"message\":\"no such image\"}"));
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_TASK_FAILED, &scene.error);
    assert_non_null(strstr(scene.error.message, "no such image"));
    scene_end(&scene);
}

/* ---- One task for which a request fails as a whole ---- */

/* The replies of a service that fails if id 7 is requested. The ids 1 to 8 are requested together, then halves of
 * them, the first half first. */
static void add_failures_of_7(struct scene *scene, const char *status, const char *body)
{
    scene_reply(scene, status, "", body);                                        /* 1 to 8 */
    GOOD(scene, LAST_PAGE(DONE("1") "," DONE("2") "," DONE("3") "," DONE("4"))); /* 1 to 4 */
    scene_reply(scene, status, "", body);                                        /* 5 to 8 */
    GOOD(scene, LAST_PAGE(DONE("5") "," DONE("6")));                             /* 5 and 6 */
    scene_reply(scene, status, "", body);                                        /* 7 and 8 */
    scene_reply(scene, status, "", body);                                        /* 7 */
    GOOD(scene, LAST_PAGE(DONE("8")));                                           /* 8 */
}

static void check_targets(const struct scene *scene, const char *const *targets, size_t count)
{
    assert_int_equal(scene_requests(scene), count);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(scene_request(scene, i)->target, targets[i]);
}

#define ID(id) "task_ids=" id "&"
#define ASKED  "/v0.7/tasks?"
#define LIMIT  "limit=100"

/* Checks that task 7 has this status and message, and that the others are done. */
static void check_7_alone(const char *status, const char *body, dm_task_status expected, const char *words)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}};
    static const char *const targets[] = {
        ASKED ID("1") ID("2") ID("3") ID("4") ID("5") ID("6") ID("7") ID("8") LIMIT,
        ASKED ID("1") ID("2") ID("3") ID("4") LIMIT,
        ASKED ID("5") ID("6") ID("7") ID("8") LIMIT,
        ASKED ID("5") ID("6") LIMIT,
        ASKED ID("7") ID("8") LIMIT,
        ASKED ID("7") LIMIT,
        ASKED ID("8") LIMIT,
    };
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        add_failures_of_7(&scene, status, body);
        scene_start(&scene, &small);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_targets(&scene, targets, COUNT(targets));
        assert_int_equal(tasks->tasks[6].status, expected);
        assert_non_null(tasks->tasks[6].error);
        assert_non_null(strstr(tasks->tasks[6].error, words));
        for (size_t k = 0; k < COUNT(ids); k++)
            if (k != 6)
                check_good(&tasks->tasks[k]);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void an_id_that_the_service_refuses_does_not_affect_the_others(void **state)
{
    (void)state;
    check_7_alone("400 Bad Request", BAD_REQUEST_BODY, DM_TASK_MISSING, "task 7 is not yours");
}

/* Each of these makes the whole reply unreadable. */
static void a_task_that_makes_its_reply_invalid_or_too_large_does_not_affect_the_others(void **state)
{
    char large[2 * SMALL_BYTES];
    (void)state;
    check_7_alone("200 OK", UNREADABLE_PAGE, DM_TASK_UNREADABLE, "an unpaired surrogate");
    snprintf(large, sizeof large, "%s%*s", LAST_PAGE(DONE("7")), SMALL_BYTES, "");
    check_7_alone("200 OK", large, DM_TASK_UNREADABLE, "larger than");
}

static void an_unreadable_last_task_does_not_affect_those_that_are_done(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"7"}};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(DONE("1") ","
                                     "{\"id\":\"7\",\"status\":\"pending\"}"));
    GOOD(&scene, UNREADABLE_PAGE);
    scene_start(&scene, &quick);
    dm_tasks *tasks = ask(&scene, dm_task_wait_all, ids, COUNT(ids));
    check_good(&tasks->tasks[0]);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_UNREADABLE);
    assert_non_null(strstr(tasks->tasks[1].error, "an unpaired surrogate"));
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* If it is polled alone, no item of the page has an id. */
static void a_last_task_without_an_id_does_not_affect_those_that_are_done(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(DONE("1") ",{\"id\":\"2\",\"status\":\"pending\"}"));
    GOOD(&scene, LAST_PAGE("{\"status\":\"success\"}"));
    scene_start(&scene, &quick);
    dm_tasks *tasks = ask(&scene, dm_task_wait_all, ids, COUNT(ids));
    check_good(&tasks->tasks[0]);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_UNREADABLE);
    assert_non_null(strstr(tasks->tasks[1].error, "results[0].id is missing"));
    assert_int_equal(scene_requests(&scene), 2);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* To split it would request a hundred pages for each part. */
static void an_endless_list_with_a_task_without_an_id_is_not_split(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, "{\"count\":9,\"next\":\"/v0.7/tasks?page=2\",\"previous\":null,\"results\":[" DONE(
                     "1") ",{\"status\":\"success\"}]}");
    scene_start(&scene, &quick);
    const dm_status status = dm_task_list(scene.client, ids, COUNT(ids), NULL, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_BAD_RESPONSE, &scene.error);
    assert_non_null(strstr(scene.error.message, "does not end"));
    assert_int_equal(scene_requests(&scene), 101);
    scene_end(&scene);
}

/* If nothing else can be read either, the call fails, and so does a call for one task. */
static void replies_that_are_all_unreadable_fail_the_call(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++)
        for (size_t count = 1; count <= COUNT(ids); count++) {
            struct scene scene;
            dm_tasks *tasks = NULL;

            scene_init(&scene);
            GOOD(&scene, UNREADABLE_PAGE);
            scene_start(&scene, &quick);
            assert_status(scene_check(&scene, ways_to_ask[i](scene.client, ids, count, NULL, &tasks, &scene.error)),
                          DM_ERR_BAD_RESPONSE, &scene.error);
            assert_null(tasks);
            assert_non_null(strstr(scene.error.message, "task_ids=1&limit=100: the reply is not valid JSON"));
            assert_int_equal(scene_requests(&scene), 2 * count - 1);
            scene_end(&scene);
        }
}

/* For both tasks, the error reply has no message. */
static void ids_that_are_all_refused_are_all_missing(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "400 Bad Request", "", "");
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        assert_int_equal(scene_requests(&scene), 3);
        for (size_t k = 0; k < COUNT(ids); k++) {
            assert_int_equal(tasks->tasks[k].status, DM_TASK_MISSING);
            assert_non_null(strstr(tasks->tasks[k].error, "HTTP 400"));
        }
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void a_wait_does_not_poll_again_for_an_id_that_was_refused(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"7"}};
    static const char *const targets[] = {ASKED ID("1") ID("7") LIMIT, ASKED ID("1") LIMIT, ASKED ID("7") LIMIT,
                                          ASKED ID("1") LIMIT};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    BAD_REQUEST(&scene);
    GOOD(&scene, LAST_PAGE("{\"id\":\"1\",\"status\":\"pending\"}"));
    BAD_REQUEST(&scene);
    GOOD(&scene, LAST_PAGE(DONE("1")));
    scene_start(&scene, &quick);
    dm_tasks *tasks = ask(&scene, dm_task_wait_all, ids, COUNT(ids));
    check_targets(&scene, targets, COUNT(targets));
    check_good(&tasks->tasks[0]);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_MISSING);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* A rejection for another reason applies to every id, so the call fails. */
static void a_forbidden_request_is_not_split(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        dm_tasks *tasks = NULL;
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "403 Forbidden", "", "");
        scene_start(&scene, &quick);
        const dm_status status = ways_to_ask[i](scene.client, ids, COUNT(ids), NULL, &tasks, &scene.error);
        assert_status(scene_check(&scene, status), DM_ERR_CREDENTIALS, &scene.error);
        assert_null(tasks);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_that_cannot_be_read_does_not_affect_the_others),
        cmocka_unit_test(a_task_without_an_id_does_not_affect_the_others),
        cmocka_unit_test(a_task_without_a_readable_status_does_not_affect_the_others),
        cmocka_unit_test(the_error_of_a_task_may_be_an_object_or_a_list),
        cmocka_unit_test(an_inference_gives_the_message_of_an_error_that_is_an_object),
        cmocka_unit_test(an_id_that_the_service_refuses_does_not_affect_the_others),
        cmocka_unit_test(a_task_that_makes_its_reply_invalid_or_too_large_does_not_affect_the_others),
        cmocka_unit_test(an_unreadable_last_task_does_not_affect_those_that_are_done),
        cmocka_unit_test(a_last_task_without_an_id_does_not_affect_those_that_are_done),
        cmocka_unit_test(an_endless_list_with_a_task_without_an_id_is_not_split),
        cmocka_unit_test(replies_that_are_all_unreadable_fail_the_call),
        cmocka_unit_test(ids_that_are_all_refused_are_all_missing),
        cmocka_unit_test(a_wait_does_not_poll_again_for_an_id_that_was_refused),
        cmocka_unit_test(a_forbidden_request_is_not_split),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Faults that were seen in the field, at services and gateways: each call ends as its user needs it. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "framed_reply.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#define PAGE(next, results)  "{\"count\":9,\"next\":" next ",\"previous\":null,\"results\":[" results "]}"
#define LAST_PAGE(results)   PAGE("null", results)
#define SPEC(id)             "{\"id\":" id ",\"name\":\"s\",\"metadata\":{}}"
#define VERSION(id)          "{\"id\":" id ",\"spec_id\":42,\"network_id\":7}"
#define DONE(id)             "{\"id\":\"" id "\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[]}}"
#define SCORE(score)         "{\"label_id\":1,\"label_name\":\"dog\",\"score\":" score ",\"threshold\":0.5}"
#define LABELS_DATA(score)   "{\"outputs\":[{\"labels\":{\"predicted\":[" SCORE(score) "],\"discarded\":[]}}]}"
#define BAD_REQUEST_BODY     "{\"detail\":\"task 7 is not yours\"}"
#define BAD_REQUEST(scene)   scene_reply((scene), "400 Bad Request", "", BAD_REQUEST_BODY)
#define UNREADABLE_PAGE      LAST_PAGE("{\"id\":\"7\",\"status\":\"success\",\"data\":{\"x\":\"\\ud800\"}}")
#define GOOD(scene, body)    scene_reply((scene), "200 OK", "", (body))
#define NOT_THERE_YET(scene) scene_reply((scene), "404 Not Found", "", "")

enum { SMALL_BYTES = 1000 };

static const dm_client_options quick = {.poll_delay_ms = 1, .max_poll_delay_ms = 5};
static const dm_client_options small = {.poll_delay_ms = 1, .max_poll_delay_ms = 5, .max_response_bytes = SMALL_BYTES};

/* ---- Failures that pass ---- */

static void the_statuses_of_a_gateway_without_its_origin_are_retried(void **state)
{
    static const char *const statuses[] = {"520 Unknown Error", "522 Connection Timed Out", "530 Origin DNS Error"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        scene_reply(&scene, statuses[i], "", "");
        GOOD(&scene, SCENE_ACCOUNT);
    }
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2 * (i + 1));
    }
    scene_end(&scene);
}

static void the_statuses_of_a_gateway_without_its_origin_do_not_end_a_wait(void **state)
{
    const dm_client_options once = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "520 Unknown Error", "", "");
    scene_reply(&scene, "522 Connection Timed Out", "", "");
    scene_reply(&scene, "530 Origin DNS Error", "", "");
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &once);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

/* A good poll between two HTTP 404 makes the second one the first again. */
static void a_wait_forgives_one_404_at_a_time(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_PENDING);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

static void a_wait_ends_with_two_404_in_a_row(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    NOT_THERE_YET(&scene);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_string_equal(scene.error.task_id.text, "123");
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void an_inference_forgives_one_404_of_its_new_task(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    NOT_THERE_YET(&scene);
    GOOD(&scene, SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

static void an_inference_ends_with_two_404_in_a_row(void **state)
{
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "201 Created", "", SCENE_TASK_ID);
    NOT_THERE_YET(&scene);
    scene_start(&scene, &quick);
    assert_status(scene_infer(&scene, &image, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_string_equal(scene.error.task_id.text, "123");
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

static void a_reply_without_a_length_that_is_cut_within_its_json_is_retried(void **state)
{
    static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"id\":7,\"na";
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, cut)->ending = FAULT_THEN_CLOSE;
    GOOD(&scene, SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* Behind the headers, too; but for a delete, that is the whole of it. */
static void a_reply_without_a_length_that_is_cut_behind_its_headers_is_retried(void **state)
{
    static const char cut[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, cut)->ending = FAULT_THEN_CLOSE;
    GOOD(&scene, SCENE_ACCOUNT);
    scene_text(&scene, cut)->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

/* The header replaces the retry delay, which may be far longer. */
static void retry_after_may_be_a_fraction_of_a_second(void **state)
{
    const dm_client_options slow = {.retry_delay_ms = LONG_MS, .max_retry_delay_ms = LONG_MS};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 0.3\r\n", "");
    GOOD(&scene, SCENE_ACCOUNT);
    scene_start(&scene, &slow);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_in_range(now_ms() - begun, 300, TOO_LONG_MS);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void a_failure_tells_of_a_fraction_of_a_second(void **state)
{
    const dm_client_options once = {.max_attempts = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 0.3\r\n", "");
    scene_start(&scene, &once);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.retry_after_ms, 300);
    scene_end(&scene);
}

/* ---- Long ids ---- */

enum { LONG_IDS = 100, REQUEST_LINE_LIMIT = 4094 };

static void write_long_ids(dm_task_id *ids)
{
    for (int i = 0; i < LONG_IDS; i++)
        snprintf(ids[i].text, sizeof ids[i].text, "01234567-89ab-cdef-0123-%012d", i);
}

static bool was_asked_for(const struct scene *scene, const dm_task_id *id)
{
    bool asked = false;
    for (size_t i = 0; i < scene_requests(scene); i++)
        asked |= strstr(scene_request(scene, i)->target, id->text) != NULL;
    return asked;
}

static void check_long_ids(const struct scene *scene, const dm_task_id *ids)
{
    for (size_t i = 0; i < scene_requests(scene); i++)
        assert_true(strcspn(scene_request(scene, i)->head, "\r") < REQUEST_LINE_LIMIT);
    for (size_t i = 0; i < LONG_IDS; i++)
        assert_true(was_asked_for(scene, &ids[i]));
}

static void the_request_lines_for_many_long_ids_stay_short(void **state)
{
    dm_task_id ids[LONG_IDS];
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    write_long_ids(ids);
    assert_int_equal(strlen(ids[0].text), 36);
    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(""));
    scene_start(&scene, &quick);
    dm_status status = dm_task_list(scene.client, ids, LONG_IDS, NULL, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    check_long_ids(&scene, ids);
    dm_tasks_free(tasks);

    status = dm_task_wait_all(scene.client, ids, LONG_IDS, NULL, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2 + 2 * 2); /* unknown ids are asked for twice */
    check_long_ids(&scene, ids);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* ---- Content ---- */

static void add_framed(struct scene *scene, const struct framing *framing, const char *status, const void *body,
                       size_t length)
{
    struct framed_reply reply = framed_reply_new(framing, status, "", body, length);
    assert_non_null(reply.bytes);
    scene_bytes(scene, reply.bytes, reply.length);
    framed_reply_free(&reply);
}

/* The submission would be lost if its id could not be read. */
static void a_byte_order_mark_and_nul_bytes_around_json_are_ignored(void **state)
{
    static const char marked[] = "\xEF\xBB\xBF" SCENE_TASK_ID;
    static const char padded[] = SCENE_TASK_ID "\0\0\0";
    static const struct framing framing = {.kind = FRAMING_LENGTH};
    const dm_input image = scene_image();
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_framed(&scene, &framing, "201 Created", marked, sizeof marked - 1);
    add_framed(&scene, &framing, "201 Created", padded, sizeof padded - 1);
    scene_start(&scene, NULL);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    assert_status(scene_submit(&scene, &image, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* ---- One odd task among others ---- */

/* The two ways to ask for many tasks. */
typedef dm_status ask_tasks(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *call,
                            dm_tasks **tasks, dm_error *error);
static ask_tasks *const ways_to_ask[] = {dm_task_list, dm_task_wait_all};

static dm_tasks *ask(struct scene *scene, ask_tasks *way, const dm_task_id *ids, size_t count)
{
    dm_tasks *tasks = NULL;
    assert_status(scene_check(scene, way(scene->client, ids, count, NULL, &tasks, &scene->error)), DM_OK,
                  &scene->error);
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(tasks->tasks[i].id.text, ids[i].text);
    return tasks;
}

static void check_unreadable(const dm_task *task, const char *why, const char *data)
{
    assert_int_equal(task->status, DM_TASK_UNREADABLE);
    assert_non_null(task->error);
    assert_non_null(strstr(task->error, why));
    assert_string_equal(task->data, data);
    assert_null(task->inference);
}

static void check_good(const dm_task *task)
{
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_non_null(task->inference);
    assert_null(task->error);
}

/* A wait asks for it a second time, in case the first answer was an accident. */
static void a_task_without_an_id_does_not_cost_the_others(void **state)
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

static void a_task_that_cannot_be_read_does_not_cost_the_others(void **state)
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

/* Each has an id, so the others are not to blame. */
static void a_task_without_a_readable_status_does_not_cost_the_others(void **state)
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

static void an_inference_gives_the_words_of_an_error_that_is_an_object(void **state)
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

/* What the requests for ids 1 to 8 get from a service that fails if 7 is among them: halves are asked for, the first one
 * first. */
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

/* Checks that the task 7 has this status and message, and that the others are good. */
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

static void an_id_that_the_service_refuses_does_not_cost_the_others(void **state)
{
    (void)state;
    check_7_alone("400 Bad Request", BAD_REQUEST_BODY, DM_TASK_MISSING, "task 7 is not yours");
}

/* Each of these makes the whole reply unreadable. */
static void a_task_that_makes_its_reply_invalid_or_too_large_does_not_cost_the_others(void **state)
{
    char large[2 * SMALL_BYTES];
    (void)state;
    check_7_alone("200 OK", UNREADABLE_PAGE, DM_TASK_UNREADABLE, "an unpaired surrogate");
    snprintf(large, sizeof large, "%s%*s", LAST_PAGE(DONE("7")), SMALL_BYTES, "");
    check_7_alone("200 OK", large, DM_TASK_UNREADABLE, "larger than");
}

static void the_last_task_that_is_unreadable_does_not_cost_those_that_are_done(void **state)
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

/* Both of them, and the service has no words. */
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

static void a_wait_does_not_ask_again_for_an_id_that_was_refused(void **state)
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

/* What is refused for another reason is refused for every id. */
static void a_refusal_of_the_caller_is_not_split(void **state)
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

/* ---- One odd item of a list ---- */

static dm_spec_iter *new_iter(const struct scene *scene)
{
    dm_spec_iter *iter = NULL;
    assert_status(dm_spec_iter_new(scene->client, DM_VISIBILITY_PRIVATE, NULL, &iter, NULL), DM_OK, NULL);
    return iter;
}

static void expect_spec(struct scene *scene, dm_spec_iter *iter, int64_t id)
{
    const dm_spec *spec = NULL;
    assert_status(scene_check(scene, dm_spec_iter_next(iter, NULL, &spec, &scene->error)), DM_OK, &scene->error);
    assert_int_equal(spec->id.private_id, id);
}

static void expect_no_spec(struct scene *scene, dm_spec_iter *iter, dm_status expected)
{
    const dm_spec *spec = NULL;
    assert_status(scene_check(scene, dm_spec_iter_next(iter, NULL, &spec, &scene->error)), expected, &scene->error);
    assert_null(spec);
}

static void an_iteration_goes_on_behind_an_item_that_cannot_be_read(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE(SPEC("1") ",{\"id\":2,\"name\":{\"en\":\"s\"},\"metadata\":{}}," SPEC("3")));
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_spec(&scene, iter, 1);
    expect_no_spec(&scene, iter, DM_ERR_BAD_RESPONSE);
    assert_non_null(strstr(scene.error.message, "results[1].name"));
    expect_spec(&scene, iter, 3);
    expect_no_spec(&scene, iter, DM_DONE);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

static void expect_version(struct scene *scene, dm_version_iter *iter, dm_status expected, int64_t id)
{
    const dm_version *version = NULL;
    assert_status(scene_check(scene, dm_version_iter_next(iter, NULL, &version, &scene->error)), expected,
                  &scene->error);
    assert_int_equal(version != NULL ? version->id : 0, id);
}

static void an_iteration_over_versions_goes_on_behind_an_item_that_cannot_be_read(void **state)
{
    dm_version_iter *iter = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, LAST_PAGE("{\"id\":1,\"spec_id\":\"x\",\"network_id\":7},null," VERSION("3")));
    scene_start(&scene, NULL);
    assert_status(dm_version_iter_new(scene.client, NULL, NULL, &iter, NULL), DM_OK, NULL);
    expect_version(&scene, iter, DM_ERR_BAD_RESPONSE, 0);
    assert_non_null(strstr(scene.error.message, "results[0].spec_id"));
    expect_version(&scene, iter, DM_ERR_BAD_RESPONSE, 0);
    assert_non_null(strstr(scene.error.message, "results[1]"));
    expect_version(&scene, iter, DM_OK, 3);
    expect_version(&scene, iter, DM_DONE, 0);
    assert_int_equal(scene_requests(&scene), 1);
    dm_version_iter_free(iter);
    scene_end(&scene);
}

static void a_step_counts_the_attempts_of_all_its_pages(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=1\"", ""));
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=2\"", ""));
    GOOD(&scene, PAGE("\"/v0.7/recognition/specs?offset=3\"", ""));
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_no_spec(&scene, iter, DM_ERR_NOT_FOUND);
    assert_int_equal(scene.error.attempts, 4);
    assert_int_equal(scene_requests(&scene), 4);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

/* ---- Page links ---- */

/* A link as a gateway may leave it, and what is to be asked for. */
struct page_link {
    const char *link;
    const char *query;
};

static const struct page_link page_links[] = {
    {"http://internal.example:8000/v0.7/recognition/specs?offset=1&limit=1", "?offset=1&limit=1"},
    {"http://internal.example/backend/api/v0.7/recognition/specs?limit=1&offset=1", "?limit=1&offset=1"},
    {"/v0.7/recognition/specs?offset=1", "?offset=1"},
    {"/elsewhere/v0.7/recognition/specs/?offset=1&limit=1", "?offset=1&limit=1"},
    {"?offset=1", "?offset=1"},
};

/* A client whose address has a path prefix, as gateways want it. */
static void start_behind_prefix(struct scene *scene)
{
    char url[128];

    scene->server = fault_server_start(scene->steps, scene->step_count);
    assert_non_null(scene->server);
    snprintf(url, sizeof url, "%s/prefix", fault_server_url(scene->server));
    scene_start_at(scene, url, NULL);
}

static void add_two_pages(struct scene *scene, const char *link)
{
    char first[512];
    snprintf(first, sizeof first, PAGE("\"%s\"", SPEC("1")), link);
    GOOD(scene, first);
    GOOD(scene, LAST_PAGE(SPEC("2")));
}

static void check_second_request(const struct scene *scene, const char *path, const char *query)
{
    char target[256];
    snprintf(target, sizeof target, "/prefix%s%s", path, query);
    assert_int_equal(scene_requests(scene), 2);
    assert_string_equal(scene_request(scene, 1)->target, target);
}

static void an_iteration_asks_for_the_next_page_on_its_own_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(page_links); i++) {
        struct scene scene;

        scene_init(&scene);
        add_two_pages(&scene, page_links[i].link);
        start_behind_prefix(&scene);
        dm_spec_iter *iter = new_iter(&scene);
        expect_spec(&scene, iter, 1);
        expect_spec(&scene, iter, 2);
        expect_no_spec(&scene, iter, DM_DONE);
        check_second_request(&scene, "/v0.7/recognition/specs", page_links[i].query);
        dm_spec_iter_free(iter);
        scene_end(&scene);
    }
}

static void the_next_page_is_asked_for_on_the_path_of_the_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(page_links); i++) {
        dm_spec_page *page = NULL;
        dm_spec_page *next = NULL;
        struct scene scene;

        scene_init(&scene);
        add_two_pages(&scene, page_links[i].link);
        start_behind_prefix(&scene);
        dm_status status = dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        assert_int_equal(next->results[0].id.private_id, 2);
        check_second_request(&scene, "/v0.7/recognition/specs", page_links[i].query);
        dm_spec_page_free(page);
        dm_spec_page_free(next);
        scene_end(&scene);
    }
}

/* The path of such a list has a number in it, which the link need not repeat. */
static void the_next_page_of_versions_is_asked_for_on_the_path_of_the_first(void **state)
{
    static const struct page_link links[] = {
        {"http://internal.example/backend/v0.7/recognition/specs/42/versions?offset=1", "?offset=1"},
        {"?offset=1", "?offset=1"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(links); i++) {
        dm_version_page *page = NULL;
        dm_version_page *next = NULL;
        char first[512];
        struct scene scene;

        snprintf(first, sizeof first, PAGE("\"%s\"", VERSION("1")), links[i].link);
        scene_init(&scene);
        GOOD(&scene, first);
        GOOD(&scene, LAST_PAGE(VERSION("2")));
        start_behind_prefix(&scene);
        dm_status status = dm_spec_versions(scene.client, dm_private_spec(42), NULL, NULL, &page, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        status = dm_version_page_next(scene.client, page, NULL, &next, &scene.error);
        assert_status(scene_check(&scene, status), DM_OK, &scene.error);
        assert_int_equal(next->results[0].id, 2);
        check_second_request(&scene, "/v0.7/recognition/specs/42/versions", links[i].query);
        dm_version_page_free(page);
        dm_version_page_free(next);
        scene_end(&scene);
    }
}

static void the_pages_of_tasks_are_asked_for_on_their_own_path(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, PAGE("\"http://internal.example:8000/backend/tasks?page=2\"", DONE("1")));
        GOOD(&scene, LAST_PAGE(DONE("2")));
        start_behind_prefix(&scene);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        check_good(&tasks->tasks[1]);
        check_second_request(&scene, "/v0.7/tasks", "?page=2");
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void an_empty_link_ends_an_iteration(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"\"", SPEC("1")));
    scene_start(&scene, NULL);
    dm_spec_iter *iter = new_iter(&scene);
    expect_spec(&scene, iter, 1);
    expect_no_spec(&scene, iter, DM_DONE);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_iter_free(iter);
    scene_end(&scene);
}

static void no_page_follows_one_with_an_empty_link(void **state)
{
    dm_spec_page *page = NULL;
    dm_spec_page *next = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    GOOD(&scene, PAGE("\"\"", SPEC("1")));
    scene_start(&scene, NULL);
    dm_status status = dm_spec_list(scene.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &scene.error);
    assert_status(scene_check(&scene, status), DM_OK, &scene.error);
    status = dm_spec_page_next(scene.client, page, NULL, &next, &scene.error);
    assert_status(scene_check(&scene, status), DM_DONE, &scene.error);
    assert_null(next);
    assert_int_equal(scene_requests(&scene), 1);
    dm_spec_page_free(page);
    scene_end(&scene);
}

static void an_empty_link_ends_a_list_of_tasks(void **state)
{
    static const dm_task_id ids[] = {{"1"}};
    (void)state;
    for (size_t i = 0; i < COUNT(ways_to_ask); i++) {
        struct scene scene;

        scene_init(&scene);
        GOOD(&scene, PAGE("\"\"", DONE("1")));
        scene_start(&scene, &quick);
        dm_tasks *tasks = ask(&scene, ways_to_ask[i], ids, COUNT(ids));
        check_good(&tasks->tasks[0]);
        assert_int_equal(scene_requests(&scene), 1);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_statuses_of_a_gateway_without_its_origin_are_retried),
        cmocka_unit_test(the_statuses_of_a_gateway_without_its_origin_do_not_end_a_wait),
        cmocka_unit_test(a_wait_forgives_one_404_at_a_time),
        cmocka_unit_test(a_wait_ends_with_two_404_in_a_row),
        cmocka_unit_test(an_inference_forgives_one_404_of_its_new_task),
        cmocka_unit_test(an_inference_ends_with_two_404_in_a_row),
        cmocka_unit_test(a_reply_without_a_length_that_is_cut_within_its_json_is_retried),
        cmocka_unit_test(a_reply_without_a_length_that_is_cut_behind_its_headers_is_retried),
        cmocka_unit_test(retry_after_may_be_a_fraction_of_a_second),
        cmocka_unit_test(a_failure_tells_of_a_fraction_of_a_second),
        cmocka_unit_test(the_request_lines_for_many_long_ids_stay_short),
        cmocka_unit_test(a_byte_order_mark_and_nul_bytes_around_json_are_ignored),
        cmocka_unit_test(a_task_that_cannot_be_read_does_not_cost_the_others),
        cmocka_unit_test(a_task_without_an_id_does_not_cost_the_others),
        cmocka_unit_test(a_task_without_a_readable_status_does_not_cost_the_others),
        cmocka_unit_test(the_error_of_a_task_may_be_an_object_or_a_list),
        cmocka_unit_test(an_inference_gives_the_words_of_an_error_that_is_an_object),
        cmocka_unit_test(an_id_that_the_service_refuses_does_not_cost_the_others),
        cmocka_unit_test(a_task_that_makes_its_reply_invalid_or_too_large_does_not_cost_the_others),
        cmocka_unit_test(the_last_task_that_is_unreadable_does_not_cost_those_that_are_done),
        cmocka_unit_test(replies_that_are_all_unreadable_fail_the_call),
        cmocka_unit_test(ids_that_are_all_refused_are_all_missing),
        cmocka_unit_test(a_wait_does_not_ask_again_for_an_id_that_was_refused),
        cmocka_unit_test(a_refusal_of_the_caller_is_not_split),
        cmocka_unit_test(an_iteration_goes_on_behind_an_item_that_cannot_be_read),
        cmocka_unit_test(an_iteration_over_versions_goes_on_behind_an_item_that_cannot_be_read),
        cmocka_unit_test(a_step_counts_the_attempts_of_all_its_pages),
        cmocka_unit_test(an_iteration_asks_for_the_next_page_on_its_own_path),
        cmocka_unit_test(the_next_page_is_asked_for_on_the_path_of_the_first),
        cmocka_unit_test(the_next_page_of_versions_is_asked_for_on_the_path_of_the_first),
        cmocka_unit_test(the_pages_of_tasks_are_asked_for_on_their_own_path),
        cmocka_unit_test(an_empty_link_ends_an_iteration),
        cmocka_unit_test(no_page_follows_one_with_an_empty_link),
        cmocka_unit_test(an_empty_link_ends_a_list_of_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

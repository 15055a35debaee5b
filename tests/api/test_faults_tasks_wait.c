/* Waits for many tasks with a server that fails, asks for pauses, or replies late. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "many_tasks_test.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* The call returns the tasks that it has received until then. */
static void a_wait_with_a_retry_after_beyond_its_end_returns_what_it_has(void **state)
{
    const dm_call_options call = {.timeout_ms = 2000};
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, "{\"id\":\"1\",\"status\":\"success\",\"data\":null},{\"id\":\"2\",\"status\":\"pending\"}");
    scene_reply(&scene, "503 Service Unavailable", "Retry-After: 3600\r\n", "");
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, ids, 2, &call, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->pending_count, 1);
    assert_int_equal(tasks->tasks[0].status, DM_TASK_SUCCESS);
    assert_int_equal(scene.error.retry_after_ms, 0);
    assert_int_equal(scene.error.http_status, 0);
    assert_string_equal(scene.error.message, "");
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* Between two polls, even if they request different ids. */
static void a_wait_obeys_retry_after(void **state)
{
    const dm_client_options once = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 1};
    static const dm_task_id id = {"1"};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "Retry-After: 0.4\r\n", "");
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_reply(&scene, "503 Service Unavailable", "Retry-After: 0.4\r\n", "");
    add_page(&scene, NULL, "{\"id\":\"1\",\"status\":\"success\",\"data\":null}");
    scene_start(&scene, &once);
    const long long begun = now_ms();
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_true(now_ms() - begun >= 400);
    assert_status(wait_all(&scene, &id, 1, NULL, &tasks), DM_OK, &scene.error);
    assert_true(now_ms() - begun >= 800);
    assert_int_equal(tasks->pending_count, 0);
    dm_tasks_free(tasks);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

/* Retry-After applies to the next poll, not to later ones. */
static void a_requested_pause_is_made_once(void **state)
{
    const dm_call_options call = {.timeout_ms = 4000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "Retry-After: 1\r\n", "");
    for (int i = 0; i < 4; i++)
        scene_reply(&scene, "200 OK", "", SCENE_PENDING);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, &call), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 6);
    scene_end(&scene);
}

/* Otherwise the longest pause between two polls would not be max_poll_delay_ms. */
static void a_retry_after_in_a_successful_answer_is_ignored(void **state)
{
    const dm_call_options call = {.timeout_ms = 10 * 1000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "Retry-After: 30\r\n", SCENE_PENDING);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, &call), DM_OK, &scene.error);
    scene_end(&scene);
}

/* Each round requests two batches, and only the first reply asks for a pause. */
static void the_longest_pause_that_was_asked_for_in_a_round_counts(void **state)
{
    enum { COUNT = 101 };
    const dm_client_options once = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 1};
    static dm_task_id ids[COUNT];
    static char all[COUNT * 128] = "{\"count\":101,\"next\":null,\"previous\":null,\"results\":[";
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    for (int i = 0; i < COUNT; i++) {
        snprintf(ids[i].text, sizeof ids[i].text, "%d", i);
        snprintf(all + strlen(all), sizeof all - strlen(all), DONE("%d") "%s", i, i < COUNT - 1 ? "," : "]}");
    }
    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "Retry-After: 0.5\r\n", "");
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_reply(&scene, "200 OK", "", all);
    scene_start(&scene, &once);
    const long long begun = now_ms();
    assert_status(wait_all(&scene, ids, COUNT, NULL, &tasks), DM_OK, &scene.error);
    assert_true(now_ms() - begun >= 500);
    assert_int_equal(tasks->pending_count, 0);
    assert_int_equal(scene_requests(&scene), 3);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static void sleep_over_an_answer(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)data;
    if (strstr(line, "HTTP 200") != NULL)
        sleep_ms(2100);
}

static void an_answer_that_came_in_time_counts_although_the_log_took_longer(void **state)
{
    dm_client_options options = {.api_key = SCENE_KEY, .proxy = "", .poll_delay_ms = 1, .log = sleep_over_an_answer};
    const dm_call_options call = {.timeout_ms = 2000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene.server = fault_server_start(scene.steps, scene.step_count);
    assert_non_null(scene.server);
    options.api_url = fault_server_url(scene.server);
    assert_status(dm_client_new(&options, &scene.client, NULL), DM_OK, NULL);
    assert_status(scene_wait(&scene, &call), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_failing_poll_does_not_end_a_wait_for_many(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, PENDING("1") "," PENDING("2"));
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_break(&scene, FAULT_THEN_CLOSE);
    add_page(&scene, NULL, PENDING("1") "," DONE("2"));
    add_page(&scene, "/v0.7/tasks?page=2", "");
    scene_break(&scene, FAULT_THEN_RESET);
    add_page(&scene, NULL, FAILED("1"));
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, ids, 2, NULL, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->tasks[0].status, DM_TASK_ERROR);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_SUCCESS);
    assert_string_equal(scene_request(&scene, 4)->target, "/v0.7/tasks?task_ids=1&limit=100");
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* Even if some of the tasks are finished. */
static void assert_ends_waits(const char *failure, dm_status expected)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;

    scene_init(&scene);
    add_page(&scene, NULL, DONE("1") "," PENDING("2"));
    scene_reply(&scene, failure, "", "");
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, ids, 2, NULL, &tasks), expected, &scene.error);
    assert_null(tasks);
    assert_status(scene_wait(&scene, NULL), expected, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

/* Not all server errors are transient: HTTP 501 is not. */
static void a_permanent_failure_ends_a_wait(void **state)
{
    (void)state;
    assert_ends_waits("401 Unauthorized", DM_ERR_CREDENTIALS);
    assert_ends_waits("501 Not Implemented", DM_ERR_SERVER);
}

static void an_id_that_is_unknown_in_two_rounds_is_missing(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, DONE("1"));
    add_page(&scene, NULL, "");
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, ids, 2, NULL, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_MISSING);
    assert_int_equal(scene_requests(&scene), 2);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* An item without an id says something about a task of its own query only, even if that query fails later. */
static void a_nameless_item_of_a_failed_poll_is_forgotten(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, DONE("1"));
    add_page(&scene, "/v0.7/tasks?page=2", DONE("1") ",{\"status\":\"pending\"}");
    scene_reply(&scene, "503 Service Unavailable", "", "");
    add_page(&scene, NULL, "");
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, ids, 2, NULL, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->tasks[1].status, DM_TASK_MISSING);
    assert_int_equal(scene_requests(&scene), 4);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static void an_id_that_turns_up_late_is_not_missing(void **state)
{
    static const dm_task_id id = {"1"};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, "");
    add_page(&scene, NULL, PENDING("1"));
    add_page(&scene, NULL, "");
    add_page(&scene, NULL, DONE("1"));
    scene_start(&scene, &quick);
    assert_status(wait_all(&scene, &id, 1, NULL, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->tasks[0].status, DM_TASK_SUCCESS);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

static void a_wait_that_times_out_returns_the_finished_tasks(void **state)
{
    static const dm_task_id ids[] = {{"1"}, {"2"}, {"1"}};
    dm_tasks *tasks = NULL;
    (void)state;
    for (int stalled = 0; stalled < 2; stalled++) {
        dm_call_options call = {.timeout_ms = 300};
        struct scene scene;

        scene_init(&scene);
        add_page(&scene, NULL, PENDING("1") "," DONE("2"));
        if (stalled)
            scene_break(&scene, FAULT_THEN_STALL);
        scene_start(&scene, &quick);
        const long long begun = own_ms();
        dm_status status = wait_all(&scene, ids, 3, &call, &tasks);
        assert_true(own_ms() - begun < TOO_LONG_MS);
        for (; !stalled && status == DM_ERR_TIMEOUT && call.timeout_ms < LONG_MS; call.timeout_ms *= 4)
            status = wait_all(&scene, ids, 3, &call, &tasks); /* busy machine: too late */
        assert_status(status, DM_OK, &scene.error);
        assert_int_equal(tasks->pending_count, 2);
        assert_int_equal(tasks->tasks[0].status, DM_TASK_PENDING);
        assert_int_equal(tasks->tasks[1].status, DM_TASK_SUCCESS);
        assert_int_equal(tasks->tasks[2].status, DM_TASK_PENDING);
        dm_tasks_free(tasks);
        scene_end(&scene);
    }
}

static void without_any_answer_a_wait_for_many_times_out(void **state)
{
    static const dm_task_id id = {"1"};
    const dm_call_options call = {.timeout_ms = 300};
    (void)state;
    for (int stalled = 0; stalled < 2; stalled++) {
        dm_tasks *tasks = NULL;
        struct scene scene;

        scene_init(&scene);
        if (stalled)
            scene_break(&scene, FAULT_THEN_STALL);
        else
            scene_reply(&scene, "503 Service Unavailable", "", "{\"detail\":\"gone fishing\"}");
        scene_start(&scene, &quick);
        assert_status(wait_all(&scene, &id, 1, &call, &tasks), DM_ERR_TIMEOUT, &scene.error);
        assert_null(tasks);
        scene_end(&scene);
    }
}

/* A poll failed once, long ago. Since then, the service has said that the task is not done. */
static void a_failure_before_a_later_success_is_not_reported(void **state)
{
    static const dm_task_id id = {"123"};
    const dm_call_options call = {.timeout_ms = 500};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "{\"detail\":\"gone fishing\"}");
    scene_reply(&scene, "200 OK", "", SCENE_PENDING);
    scene_start(&scene, &quick);
    assert_status(scene_wait(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_null(strstr(scene.error.message, "gone fishing"));
    assert_string_equal(scene.error.server_message, "");
    assert_status(wait_all(&scene, &id, 1, &call, &tasks), DM_ERR_BAD_RESPONSE,
                  &scene.error); /* a task is no page of tasks */
    assert_null(tasks);
    scene_end(&scene);
}

/* A poll that the deadline aborts has no error of its own. The error is that of an earlier attempt, or of the poll
 * before it. */
static void a_wait_whose_poll_is_aborted_reports_the_last_failure(void **state)
{
    static const dm_task_id id = {"123"};
    static const int most_attempts[] = {1, 5};
    const dm_call_options call = {.timeout_ms = 1000};
    (void)state;
    for (int i = 0; i < 4; i++) {
        dm_client_options options = quick;
        dm_tasks *tasks = NULL;
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "503 Service Unavailable", "", "{\"detail\":\"gone fishing\"}");
        scene_break(&scene, FAULT_THEN_STALL);
        options.max_attempts = most_attempts[i % 2];
        scene_start(&scene, &options);
        assert_status(i < 2 ? scene_wait(&scene, &call) : wait_all(&scene, &id, 1, &call, &tasks), DM_ERR_TIMEOUT,
                      &scene.error);
        assert_non_null(strstr(scene.error.message, "the last poll failed: "));
        assert_non_null(strstr(scene.error.message, "gone fishing"));
        assert_int_equal(scene_requests(&scene), 2);
        scene_end(&scene);
    }
}

static void a_wait_with_less_time_than_the_first_pause_still_polls(void **state)
{
    static const dm_task_id id = {"123"};
    const dm_client_options slow = {.poll_delay_ms = LONG_MS, .max_poll_delay_ms = LONG_MS};
    const dm_call_options call = {.timeout_ms = TOO_LONG_MS};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, DONE("123"));
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_reply(&scene, "200 OK", "", SCENE_PENDING);
    scene_start(&scene, &slow);
    const long long begun = now_ms();
    assert_status(wait_all(&scene, &id, 1, &call, &tasks), DM_OK, &scene.error);
    assert_int_equal(tasks->pending_count, 0);
    assert_status(scene_wait(&scene, &call), DM_OK, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    assert_status(scene_wait(&scene, &(dm_call_options){.timeout_ms = 300}), DM_ERR_TIMEOUT, &scene.error);
    assert_null(strstr(scene.error.message, "failed: "));
    dm_tasks_free(tasks);
    scene_end(&scene);
}

/* Sleeps beyond the deadline after the last failure, before the call reads the clock again. */
static void oversleep(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)line;
    (void)data;
    sleep_ms(400);
}

/* Replaces scene_start, whose log function does not sleep. */
static void start_oversleeping(struct scene *scene)
{
    dm_client_options options = quick;
    scene->server = fault_server_start(scene->steps, scene->step_count);
    options.api_key = SCENE_KEY;
    options.api_url = fault_server_url(scene->server);
    options.proxy = "";
    options.log = oversleep;
    assert_status(dm_client_new(&options, &scene->client, NULL), DM_OK, NULL);
}

/* The last ids were never requested, so the call must not claim that they are pending. */
static void a_list_that_runs_out_of_time_between_two_requests_fails(void **state)
{
    enum { COUNT = 150 };
    const dm_call_options call = {.timeout_ms = 300};
    dm_task_id ids[COUNT];
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    for (int i = 0; i < COUNT; i++)
        snprintf(ids[i].text, sizeof ids[i].text, "%d", i);
    scene_init(&scene);
    add_page(&scene, NULL, DONE("1"));
    start_oversleeping(&scene);
    const dm_status status = dm_task_list(scene.client, ids, COUNT, &call, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_TIMEOUT, &scene.error);
    assert_null(tasks);
    scene_end(&scene);
}

static void a_failure_at_the_deadline_is_handled_like_any_other(void **state)
{
    static const char *const headers[] = {"", "Retry-After: 3600\r\n"};
    static const dm_status statuses[] = {DM_ERR_TIMEOUT, DM_ERR_SERVER};
    static const dm_task_id id = {"1"};
    const dm_call_options call = {.timeout_ms = 300};
    (void)state;
    for (size_t i = 0; i < COUNT(headers); i++) {
        dm_tasks *tasks = NULL;
        dm_task *task = NULL;
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "503 Service Unavailable", headers[i], "");
        start_oversleeping(&scene);
        assert_int_equal(wait_all(&scene, &id, 1, &call, &tasks), statuses[i]);
        assert_status(scene_check(&scene, dm_task_wait(scene.client, id, &call, &task, &scene.error)), statuses[i],
                      &scene.error);
        scene_end(&scene);
    }
}

static void wait_all_timeout_ms_applies_to_a_wait_without_a_timeout(void **state)
{
    static const dm_task_id id = {"1"};
    const dm_client_options options = {.wait_all_timeout_ms = 200, .poll_delay_ms = 1};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    add_page(&scene, NULL, PENDING("1"));
    scene_start(&scene, &options);
    const long long begun = now_ms();
    assert_status(wait_all(&scene, &id, 1, NULL, &tasks), DM_OK, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    assert_int_equal(tasks->pending_count, 1);
    dm_tasks_free(tasks);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_with_a_retry_after_beyond_its_end_returns_what_it_has),
        cmocka_unit_test(a_wait_obeys_retry_after),
        cmocka_unit_test(a_requested_pause_is_made_once),
        cmocka_unit_test(a_retry_after_in_a_successful_answer_is_ignored),
        cmocka_unit_test(an_answer_that_came_in_time_counts_although_the_log_took_longer),
        cmocka_unit_test(the_longest_pause_that_was_asked_for_in_a_round_counts),
        cmocka_unit_test(a_failing_poll_does_not_end_a_wait_for_many),
        cmocka_unit_test(a_permanent_failure_ends_a_wait),
        cmocka_unit_test(an_id_that_is_unknown_in_two_rounds_is_missing),
        cmocka_unit_test(a_nameless_item_of_a_failed_poll_is_forgotten),
        cmocka_unit_test(an_id_that_turns_up_late_is_not_missing),
        cmocka_unit_test(a_wait_that_times_out_returns_the_finished_tasks),
        cmocka_unit_test(without_any_answer_a_wait_for_many_times_out),
        cmocka_unit_test(a_failure_before_a_later_success_is_not_reported),
        cmocka_unit_test(a_wait_whose_poll_is_aborted_reports_the_last_failure),
        cmocka_unit_test(a_wait_with_less_time_than_the_first_pause_still_polls),
        cmocka_unit_test(a_list_that_runs_out_of_time_between_two_requests_fails),
        cmocka_unit_test(a_failure_at_the_deadline_is_handled_like_any_other),
        cmocka_unit_test(wait_all_timeout_ms_applies_to_a_wait_without_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Many tasks, some of which failed, are unknown, or are not done in time; and lists of ids that are empty or
 * invalid. */
#include "assert_status.h"
#include "clock_ms.h"
#include "sent_requests.h"
#include "submitted_tasks_test.h"

#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- Tasks with different results ---- */

static void assert_failed(const dm_task *task, const dm_task_id *id)
{
    assert_without_data(task, id, DM_TASK_ERROR);
    assert_non_null(task->error);
    assert_non_null(strstr(task->error, "inputs[0].image.source"));
}

static void a_failed_task_is_returned_in_its_place(void **state)
{
    struct api_test *test = *state;
    dm_task_id *good = submit(test, 2);
    const dm_task_id ids[] = {good[0], submit_bytes(test, "no image"), good[1]};
    dm_tasks *waited = wait_all(test, ids, 3);
    dm_tasks *listed = list(test, ids, 3);

    assert_picture(&waited->tasks[0], &ids[0], "red");
    assert_failed(&waited->tasks[1], &ids[1]);
    assert_picture(&waited->tasks[2], &ids[2], "blue");
    assert_failed(&listed->tasks[1], &ids[1]);
    assert_status(test->error.status, DM_OK, &test->error);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(good);
}

static void one_failed_task_is_returned_too(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit_bytes(test, "no image");
    dm_task *task = NULL;

    assert_ok(test, dm_task_wait(test->client, id, NULL, &task, &test->error));
    assert_failed(task, &id);
    dm_task_free(task);
}

static void repeated_ids_are_requested_once_and_all_returned(void **state)
{
    struct api_test *test = *state;
    dm_task_id *two = submit(test, 2);
    const dm_task_id ids[] = {two[1], two[0], two[1], two[1]};
    dm_tasks *waited = wait_all(test, ids, 4);
    const size_t mark = sent_mark(test);
    dm_tasks *listed = list(test, ids, 4);

    for (size_t i = 0; i < 4; i++) {
        assert_picture(&waited->tasks[i], &ids[i], i == 1 ? "red" : "blue");
        assert_picture(&listed->tasks[i], &ids[i], i == 1 ? "red" : "blue");
    }
    assert_int_equal(count_questions(test, mark), 1);
    assert_ids_in_question(test, mark, 0, 2);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(two);
}

static void a_hundred_times_the_same_id_and_one_more_fit_one_request(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = done_task(test);
    dm_task_id ids[MAX_IDS + 1];

    for (size_t i = 0; i <= MAX_IDS; i++)
        ids[i] = id;
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, MAX_IDS + 1);
    for (size_t i = 0; i <= MAX_IDS; i++)
        assert_without_data(&tasks->tasks[i], &id, DM_TASK_SUCCESS);
    assert_int_equal(count_questions(test, mark), 1);
    dm_tasks_free(tasks);
}

static void an_unknown_id_is_missing_in_its_place(void **state)
{
    struct api_test *test = *state;
    dm_task_id *good = submit(test, 1);
    const dm_task_id ids[] = {numbered(4711), good[0], numbered(4712), numbered(4711)};
    dm_tasks *waited = wait_all(test, ids, 4);
    dm_tasks *listed = list(test, ids, 4);

    assert_without_data(&waited->tasks[0], &ids[0], DM_TASK_MISSING);
    assert_picture(&waited->tasks[1], &ids[1], "red");
    assert_without_data(&waited->tasks[2], &ids[2], DM_TASK_MISSING);
    assert_without_data(&waited->tasks[3], &ids[3], DM_TASK_MISSING);
    assert_without_data(&listed->tasks[0], &ids[0], DM_TASK_MISSING);
    assert_picture(&listed->tasks[1], &ids[1], "red");
    assert_null(listed->tasks[0].date_created);
    assert_null(listed->tasks[0].error);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(good);
}

/* A new task may not be known to every server yet, so a wait requests it a second time. A list does not. */
static void a_wait_polls_twice_before_an_id_is_missing(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = numbered(4711);

    dm_tasks_free(wait_all(test, &id, 1));
    assert_int_equal(count_questions(test, 0), 2);
    dm_tasks_free(list(test, &id, 1));
    assert_int_equal(count_questions(test, 0), 3);
}

static void one_unknown_task_is_not_found(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = numbered(4711);
    dm_task *task = NULL;

    assert_status(dm_task_retrieve(test->client, id, NULL, &task, &test->error), DM_ERR_NOT_FOUND, &test->error);
    assert_string_equal(test->error.task_id.text, "4711");
    assert_status(dm_task_wait(test->client, id, NULL, &task, &test->error), DM_ERR_NOT_FOUND, &test->error);
    assert_string_equal(test->error.task_id.text, "4711");
    assert_int_equal(test->error.http_status, 404);
    assert_null(task);
}

static void a_task_may_have_no_data(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/tasks/1", "", NULL, 200};
    struct api_test *test = *state;
    const dm_task_id id = done_task(test);
    dm_task *retrieved = NULL;
    dm_task *waited = NULL;

    const size_t mark = sent_mark(test);
    assert_ok(test, dm_task_retrieve(test->client, id, NULL, &retrieved, &test->error));
    assert_sent(test, mark, &expected, 1);
    assert_ok(test, dm_task_wait(test->client, id, NULL, &waited, &test->error));
    dm_tasks *all = wait_all(test, &id, 1);
    assert_without_data(retrieved, &id, DM_TASK_SUCCESS);
    assert_without_data(waited, &id, DM_TASK_SUCCESS);
    assert_without_data(&all->tasks[0], &id, DM_TASK_SUCCESS);
    dm_task_free(retrieved);
    dm_task_free(waited);
    dm_tasks_free(all);
}

/* ---- Time ---- */

static void a_pending_task_is_returned_as_pending(void **state)
{
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 1);
    dm_task *task = NULL;

    assert_ok(test, dm_task_retrieve(test->client, ids[0], NULL, &task, &test->error));
    assert_without_data(task, &ids[0], DM_TASK_PENDING);
    assert_null(task->error);
    dm_tasks *tasks = list(test, ids, 1);
    assert_without_data(&tasks->tasks[0], &ids[0], DM_TASK_PENDING);
    assert_non_null(tasks->tasks[0].date_created);
    assert_int_equal(tasks->pending_count, 1);
    dm_task_free(task);
    dm_tasks_free(tasks);
    free(ids);
}

static void a_wait_that_times_out_returns_the_finished_tasks(void **state)
{
    static const dm_call_options call = {.timeout_ms = 400};
    struct api_test *test = *state;
    dm_task_id *slow = submit(test, 2);
    const dm_task_id ids[] = {slow[0], done_task(test), slow[1], done_task(test), slow[0]};
    dm_tasks *tasks = NULL;

    const long long began = now_ms();
    assert_ok(test, dm_task_wait_all(test->client, ids, 5, &call, &tasks, &test->error));
    const long long took = now_ms() - began;
    assert_true(took >= 390 && took < 5000);
    assert_int_equal(tasks->task_count, 5);
    assert_int_equal(tasks->pending_count, 3);
    for (size_t i = 0; i < 5; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], i % 2 == 1 ? DM_TASK_SUCCESS : DM_TASK_PENDING);
    dm_tasks_free(tasks);
    free(slow);
}

static void the_clients_timeout_for_waiting_applies_too(void **state)
{
    struct api_test *test = *state;
    dm_client *hasty = api_client_with(test, (dm_client_options){.wait_all_timeout_ms = 300});
    dm_task_id *ids = submit(test, 1);
    dm_tasks *tasks = NULL;

    const long long began = now_ms();
    assert_ok(test, dm_task_wait_all(hasty, ids, 1, NULL, &tasks, &test->error));
    assert_true(now_ms() - began < 5000);
    assert_int_equal(tasks->pending_count, 1);
    dm_tasks_free(tasks);
    dm_client_free(hasty);
    free(ids);
}

static void one_task_that_is_not_done_in_time_keeps_its_id(void **state)
{
    static const dm_call_options call = {.timeout_ms = 300};
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 1);
    dm_task *task = NULL;

    assert_status(dm_task_wait(test->client, ids[0], &call, &task, &test->error), DM_ERR_TIMEOUT, &test->error);
    assert_null(task);
    assert_string_equal(test->error.task_id.text, ids[0].text);
    free(ids);
}

static void *fire_later(void *cancel)
{
    sleep_ms(200);
    dm_cancel_fire(cancel);
    return NULL;
}

static void a_wait_for_many_can_be_cancelled(void **state)
{
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 3);
    dm_tasks *tasks = NULL;
    dm_call_options call = {0};
    pthread_t thread;

    assert_ok(test, dm_cancel_new(&call.cancel, &test->error));
    assert_int_equal(pthread_create(&thread, NULL, fire_later, call.cancel), 0);
    const long long began = now_ms();
    assert_status(dm_task_wait_all(test->client, ids, 3, &call, &tasks, &test->error), DM_ERR_CANCELLED, &test->error);
    assert_true(now_ms() - began < 5000);
    assert_null(tasks);
    pthread_join(thread, NULL);
    dm_cancel_free(call.cancel);
    free(ids);
}

/* ---- No ids, and invalid ids ---- */

static void a_wait_for_no_ids_returns_no_tasks(void **state)
{
    struct api_test *test = *state;

    dm_tasks *listed = list(test, NULL, 0);
    dm_tasks *waited = wait_all(test, NULL, 0);
    assert_int_equal(listed->pending_count, 0);
    assert_nothing_sent(test, 0);
    dm_tasks_free(listed);
    dm_tasks_free(waited);
    dm_tasks_free(NULL);
}

static void assert_ids_refused(struct api_test *test, const dm_task_id *ids, size_t count)
{
    dm_tasks before;
    dm_tasks *tasks = &before;

    assert_status(dm_task_list(test->client, ids, count, NULL, &tasks, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(tasks);
    tasks = &before;
    assert_status(dm_task_wait_all(test->client, ids, count, NULL, &tasks, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(tasks);
}

static void a_wrong_id_is_named_and_nothing_is_sent(void **state)
{
    struct api_test *test = *state;
    dm_task_id ids[] = {{"1"}, {"2"}, {""}};
    dm_task_id endless;

    assert_ids_refused(test, NULL, 1);
    assert_ids_refused(test, ids, 3);
    assert_non_null(strstr(test->error.message, "ids[2]"));
    ids[2] = (dm_task_id){"../accounts/me"};
    assert_ids_refused(test, ids, 3);
    memset(endless.text, 'a', sizeof endless.text);
    assert_ids_refused(test, &endless, 1);
    assert_nothing_sent(test, 0);
}

static void an_id_is_made_from_its_text(void **state)
{
    static const char *const wrong[] = {"", "a b", "a/b", "a.b", "\xc3\xa9", "a\n", "?", NULL};
    char longest[65];
    dm_task_id id;
    dm_error error;

    (void)state;
    memset(longest, 'x', 63);
    longest[63] = '\0';
    assert_status(dm_task_id_parse("aZ_0-9", &id, &error), DM_OK, &error);
    assert_string_equal(id.text, "aZ_0-9");
    assert_status(dm_task_id_parse(longest, &id, &error), DM_OK, &error);
    assert_string_equal(id.text, longest);
    memset(longest, 'x', 64);
    longest[64] = '\0';
    assert_status(dm_task_id_parse(longest, &id, &error), DM_ERR_INVALID_ARGUMENT, &error);
    assert_string_equal(id.text, "");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_status(dm_task_id_parse(wrong[i], &id, &error), DM_ERR_INVALID_ARGUMENT, &error);
}

int main(void)
{
    static const char *const quick[] = {"--task-delay-ms", "150", NULL};
    static const char *const slow[] = {"--task-delay-ms", "3600000", NULL};
    const struct CMUnitTest tests[] = {
        API_TEST(a_failed_task_is_returned_in_its_place, quick),
        API_TEST(one_failed_task_is_returned_too, quick),
        API_TEST(repeated_ids_are_requested_once_and_all_returned, quick),
        API_TEST(a_hundred_times_the_same_id_and_one_more_fit_one_request, quick),
        API_TEST(an_unknown_id_is_missing_in_its_place, quick),
        API_TEST(a_wait_polls_twice_before_an_id_is_missing, quick),
        API_TEST(one_unknown_task_is_not_found, quick),
        API_TEST(a_task_may_have_no_data, quick),
        API_TEST(a_pending_task_is_returned_as_pending, slow),
        API_TEST(a_wait_that_times_out_returns_the_finished_tasks, slow),
        API_TEST(the_clients_timeout_for_waiting_applies_too, slow),
        API_TEST(one_task_that_is_not_done_in_time_keeps_its_id, slow),
        API_TEST(a_wait_for_many_can_be_cancelled, slow),
        API_TEST(a_wait_for_no_ids_returns_no_tasks, quick),
        API_TEST(a_wrong_id_is_named_and_nothing_is_sent, quick),
        cmocka_unit_test(an_id_is_made_from_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

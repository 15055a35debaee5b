/* Many tasks that are listed or awaited together. The results are in the order of the ids. */
#include "sent_requests.h"
#include "submitted_tasks_test.h"

#include "test.h"

#include <stdlib.h>

/* ---- Submitted tasks ---- */

/* Ids that no sandbox assigns. */
static dm_task_id *unknown_ids(size_t count)
{
    dm_task_id *ids = new_ids(count);

    for (size_t i = 0; i < count; i++)
        ids[i] = numbered(1000000 + i);
    return ids;
}

/* ---- The results ---- */

/* Each task is at the index of its id, and has the prediction for its own picture. */
static void assert_pictures(const dm_tasks *tasks, const dm_task_id *ids, size_t count)
{
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    for (size_t i = 0; i < count; i++)
        assert_picture(&tasks->tasks[i], &ids[i], is_red(i) ? "red" : "blue");
}

/* ---- The requests ---- */

static void a_poll_for_many_tasks_has_the_documented_form(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/tasks", "task_ids=1&task_ids=2&task_ids=3&limit=100",
                                                     NULL, 200};
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 3);
    const dm_task_id in_order[] = {numbered(1), numbered(2), numbered(3)};

    const size_t mark = sent_mark(test);
    dm_tasks_free(list(test, in_order, 3));
    assert_sent(test, mark, &expected, 1);
    free(ids);
}

static void assert_questions_for(struct api_test *test, size_t id_count, size_t questions, size_t ids_in_last)
{
    dm_task_id *ids = unknown_ids(id_count);
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, id_count);

    assert_int_equal(count_questions(test, mark), questions);
    assert_ids_in_question(test, mark, questions - 1, ids_in_last);
    for (size_t i = 0; i < id_count; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], DM_TASK_MISSING);
    dm_tasks_free(tasks);
    free(ids);
}

static void a_list_takes_one_request_for_each_hundred_ids(void **state)
{
    assert_questions_for(*state, 1, 1, 1);
    assert_questions_for(*state, 99, 1, 99);
    assert_questions_for(*state, 100, 1, 100);
    assert_questions_for(*state, 101, 2, 1);
    assert_questions_for(*state, 200, 2, 100);
    assert_questions_for(*state, 201, 3, 1);
    assert_questions_for(*state, 1000, 10, 100);
}

/* ---- A thousand ---- */

static void a_thousand_tasks_are_returned_in_the_order_of_their_ids(void **state)
{
    enum { COUNT = 1000 };
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, COUNT);
    dm_tasks *waited = wait_all(test, ids, COUNT);
    dm_tasks *listed = list(test, ids, COUNT);

    assert_pictures(waited, ids, COUNT);
    assert_pictures(listed, ids, COUNT);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(ids);
}

/* The number of requests of a wait for this number of tasks, with nearly constant intervals. */
static size_t questions_to_wait_for(struct api_test *test, size_t count)
{
    dm_client *steady = api_client_with(test, (dm_client_options){.poll_delay_ms = 50, .max_poll_delay_ms = 100});
    dm_task_id *ids = submit(test, count);
    dm_tasks *tasks = NULL;

    const size_t mark = sent_mark(test);
    assert_ok(test, dm_task_wait_all(steady, ids, count, NULL, &tasks, &test->error));
    const size_t questions = count_questions(test, mark);
    assert_pictures(tasks, ids, count);
    dm_tasks_free(tasks);
    free(ids);
    dm_client_free(steady);
    return questions;
}

static void a_thousand_tasks_take_at_most_ten_times_the_polls_of_a_hundred(void **state)
{
    struct api_test *test = *state;
    const size_t for_hundred = questions_to_wait_for(test, 100);
    const size_t for_thousand = questions_to_wait_for(test, 1000);

    print_message("%zu polls for 100 tasks, %zu for 1000\n", for_hundred, for_thousand);
    assert_in_range(for_thousand, 10, 10 * for_hundred);
}

/* Finished tasks are not requested again: the poll of each round has fewer ids. */
static void only_pending_tasks_are_polled_again(void **state)
{
    struct api_test *test = *state;
    dm_task_id ids[] = {done_task(test), done_task(test), submit_bytes(test, "no image")};

    const size_t mark = sent_mark(test);
    dm_tasks_free(wait_all(test, ids, 3));
    assert_true(sent_mark(test) - mark >= 2);
    assert_ids_in_question(test, mark, 0, 3);
    assert_ids_in_question(test, mark, 1, 1);
}

/* ---- Small pages ---- */

static void with_small_pages_every_task_is_still_found(void **state)
{
    enum { COUNT = 1000 };
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, COUNT);
    dm_tasks *waited = wait_all(test, ids, COUNT);
    const size_t mark = sent_mark(test);
    dm_tasks *listed = list(test, ids, COUNT);

    assert_pictures(waited, ids, COUNT);
    assert_pictures(listed, ids, COUNT);
    /* 100 ids are 15 pages of 7. */
    assert_int_equal(count_questions(test, mark), 10 * 15);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(ids);
}

static void small_pages_are_followed_with_their_ids(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/tasks",
         "task_ids=1&task_ids=2&task_ids=3&task_ids=4&task_ids=5&task_ids=6&task_ids=7&task_ids=8&limit=100", NULL,
         200},
        {"GET", "/v0.7/tasks",
         "task_ids=1&task_ids=2&task_ids=3&task_ids=4&task_ids=5&task_ids=6&task_ids=7&task_ids=8&limit=7&offset=7",
         NULL, 200},
    };
    struct api_test *test = *state;
    dm_task_id ids[8];

    for (size_t i = 0; i < 8; i++)
        ids[i] = done_task(test);
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, 8);
    for (size_t i = 0; i < 8; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], DM_TASK_SUCCESS);
    assert_sent(test, mark, expected, 2);
    dm_tasks_free(tasks);
}

int main(void)
{
    static const char *const quick[] = {"--task-delay-ms", "150", NULL};
    static const char *const steady[] = {"--task-delay-ms", "2000", NULL};
    static const char *const small_pages[] = {"--task-delay-ms", "0", "--page-limit", "7", NULL};
    const struct CMUnitTest tests[] = {
        API_TEST(a_poll_for_many_tasks_has_the_documented_form, quick),
        API_TEST(a_list_takes_one_request_for_each_hundred_ids, quick),
        API_TEST(a_thousand_tasks_are_returned_in_the_order_of_their_ids, quick),
        API_TEST(a_thousand_tasks_take_at_most_ten_times_the_polls_of_a_hundred, steady),
        API_TEST(only_pending_tasks_are_polled_again, quick),
        API_TEST(with_small_pages_every_task_is_still_found, small_pages),
        API_TEST(small_pages_are_followed_with_their_ids, small_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

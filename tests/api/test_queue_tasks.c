/* A queue that waits for tasks which were submitted earlier, for example by another run of the program. */
#include "api_test.h"
#include "array.h"
#include "queue_test.h"
#include "sent_requests.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

static dm_task_id submit(struct api_test *test, size_t number)
{
    const dm_input input = picture(number);
    dm_task_id id = {""};
    assert_ok(test, dm_spec_submit(test->client, spec, &input, 1, NULL, NULL, &id, &test->error));
    return id;
}

static size_t count_submissions(const struct api_test *test, size_t mark)
{
    struct request_log *submissions =
        api_requests_since(test, mark, "/v0.7/recognition/public/sandbox-colors/inference");
    const size_t count = submissions->count;
    request_log_free(submissions);
    return count;
}

static void a_task_of_an_earlier_submission_gives_its_result(void **state)
{
    struct api_test *test = *state;
    int tag = 0;
    const dm_task_id id = submit(test, 1);
    const size_t mark = sandbox_mark(test->sandbox);
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_queue_push_task(queue, id, &tag, &test->error));
    dm_result *result = next_result(test, queue);
    assert_recognised(result, 1);
    assert_ptr_equal(result->tag, &tag);
    dm_result_free(result);
    assert_done(test, queue);
    dm_queue_free(queue);
    assert_int_equal(count_submissions(test, mark), 0);
}

static void tasks_and_images_have_one_result_each_in_the_order_of_the_pushes(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    for (size_t i = 0; i < 20; i += 2) {
        assert_ok(test, dm_queue_push_task(queue, submit(test, i), NULL, &test->error));
        assert_ok(test, push(test, queue, i + 1, NULL));
    }
    for (size_t i = 0; i < 20; i++) {
        dm_result *result = next_result(test, queue);
        assert_recognised(result, i);
        dm_result_free(result);
    }
    assert_done(test, queue);
    dm_queue_free(queue);
}

/* A poll asks for an id once, so the pushes of one task need a poll each. */
static void a_task_that_is_pushed_several_times_has_a_result_for_each_push(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit(test, 1);
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    for (int i = 0; i < 5; i++)
        assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    for (int i = 0; i < 5; i++) {
        dm_result *result = next_result(test, queue);
        assert_recognised(result, 1);
        dm_result_free(result);
    }
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void a_task_takes_a_place_in_the_queue(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit(test, 0);
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = 1});

    assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    assert_int_equal(dm_queue_push_task(queue, id, NULL, &test->error), DM_FULL);
    dm_result_free(next_result(test, queue));
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void a_task_that_the_service_does_not_know_is_not_found(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = {"999999"};
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_NOT_FOUND, &result->error);
    assert_string_equal(result->error.task_id.text, id.text);
    dm_result_free(result);
    dm_queue_free(queue);
}

/* Bytes that are no image. */
static void a_task_that_failed_is_a_failure_of_its_own(void **state)
{
    struct api_test *test = *state;
    const dm_input input = dm_image_bytes("text", 4);
    dm_task_id id = {""};
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_spec_submit(test->client, spec, &input, 1, NULL, NULL, &id, &test->error));
    assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_TASK_FAILED, &result->error);
    assert_string_equal(result->error.task_id.text, id.text);
    dm_result_free(result);
    dm_queue_free(queue);
}

static void a_wait_that_ends_too_early_can_be_resumed_again(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit(test, 0);
    dm_queue *queue = open_queue(test, &(dm_queue_options){.image_timeout_ms = 50});

    assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_TIMEOUT, &result->error);
    assert_string_equal(result->error.task_id.text, id.text);
    assert_non_null(strstr(result->error.message, "the wait can be resumed"));
    dm_result_free(result);
    dm_queue_free(queue);
}

static void a_queue_that_is_cancelled_gives_back_its_tasks(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit(test, 0);
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_queue_push_task(queue, id, NULL, &test->error));
    dm_queue_cancel(queue);
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_CANCELLED, &result->error);
    assert_string_equal(result->error.task_id.text, id.text);
    dm_result_free(result);
    assert_status(dm_queue_push_task(queue, id, NULL, &test->error), DM_ERR_CANCELLED, &test->error);
    dm_queue_free(queue);
}

static void an_invalid_task_id_is_refused_and_has_no_result(void **state)
{
    struct api_test *test = *state;
    dm_task_id longest;
    const dm_task_id invalid[] = {{""}, {"../accounts/me"}, {"a b"}};
    dm_queue *queue = open_queue(test, NULL);

    for (size_t i = 0; i < COUNT(invalid); i++) {
        assert_status(dm_queue_push_task(queue, invalid[i], NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
        assert_string_equal(test->error.task_id.text, "");
    }
    memset(longest.text, '7', sizeof longest.text); /* without a NUL */
    assert_status(dm_queue_push_task(queue, longest, NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_queue_push_task(NULL, invalid[0], NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_done(test, queue);
    dm_queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(a_task_of_an_earlier_submission_gives_its_result, quick_tasks),
        API_TEST(tasks_and_images_have_one_result_each_in_the_order_of_the_pushes, quick_tasks),
        API_TEST(a_task_that_is_pushed_several_times_has_a_result_for_each_push, quick_tasks),
        API_TEST(a_task_takes_a_place_in_the_queue, quick_tasks),
        API_TEST(a_task_that_the_service_does_not_know_is_not_found, quick_tasks),
        API_TEST(a_task_that_failed_is_a_failure_of_its_own, quick_tasks),
        API_TEST(a_wait_that_ends_too_early_can_be_resumed_again, slow_tasks),
        API_TEST(a_queue_that_is_cancelled_gives_back_its_tasks, slow_tasks),
        API_TEST(an_invalid_task_id_is_refused_and_has_no_result, quick_tasks),
    };
    return cmocka_run_group_tests(tests, make_pictures, free_pictures);
}

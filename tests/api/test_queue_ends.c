/* How waits for a queue's results end, and the results of images that fail or are cancelled. */
#include "api_test.h"
#include "array.h"
#include "clock_ms.h"
#include "queue_test.h"
#include "sent_requests.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

/* ---- What ends a wait ---- */

static void a_wait_that_times_out_loses_no_result(void **state)
{
    struct api_test *test = *state;
    dm_result *result = (dm_result *)test;
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, push(test, queue, 2, NULL));
    assert_status(dm_queue_next(queue, &(dm_call_options){.timeout_ms = 1}, &result, &test->error), DM_ERR_TIMEOUT,
                  &test->error);
    assert_null(result);
    result = next_result(test, queue);
    assert_recognised(result, 2);
    dm_result_free(result);
    dm_queue_free(queue);
}

static void a_wait_that_is_cancelled_loses_no_result(void **state)
{
    struct api_test *test = *state;
    dm_result *result = (dm_result *)test;
    dm_call_options call = {0};
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_cancel_new(&call.cancel, &test->error));
    dm_cancel_fire(call.cancel);
    assert_ok(test, push(test, queue, 2, NULL));
    assert_status(dm_queue_next(queue, &call, &result, &test->error), DM_ERR_CANCELLED, &test->error);
    assert_null(result);
    while (!is_readable(queue))
        sleep_ms(1);
    assert_ok(test, dm_queue_next(queue, &call, &result, &test->error)); /* a result that is there is returned */
    assert_recognised(result, 2);
    dm_result_free(result);
    dm_cancel_free(call.cancel);
    dm_queue_free(queue);
}

/* The result of an image that times out before its task ends. */
static dm_result *time_out(struct api_test *test, int64_t image_timeout_ms)
{
    dm_queue *queue = open_queue(test, &(dm_queue_options){.image_timeout_ms = image_timeout_ms});
    assert_ok(test, push(test, queue, 0, NULL));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_TIMEOUT, &result->error);
    assert_null(result->inference);
    dm_queue_free(queue);
    return result;
}

static void an_image_that_is_not_done_in_its_time_fails_with_its_task(void **state)
{
    struct api_test *test = *state;
    dm_task *task = NULL;
    int64_t timeout_ms = 500;
    dm_result *result = time_out(test, timeout_ms);

    while (result->error.task_id.text[0] == '\0' && timeout_ms < TOO_LONG_MS / 4) { /* not submitted: a busy machine */
        dm_result_free(result);
        result = time_out(test, timeout_ms *= 4);
    }
    assert_non_null(strstr(result->error.message, "the wait can be resumed"));
    assert_ok(test, dm_task_retrieve(test->client, result->error.task_id, NULL, &task, &test->error));
    assert_int_equal(task->status, DM_TASK_PENDING);
    dm_task_free(task);
    dm_result_free(result);
}

static void a_queue_with_everything_in_flight_is_freed_at_once(void **state)
{
    struct api_test *test = *state;
    const long long start = now_ms();
    dm_queue *queue = open_queue(test, NULL);

    for (size_t i = 0; i < 64; i++)
        assert_ok(test, push(test, queue, i, NULL));
    assert_int_equal(push(test, queue, 0, NULL), DM_FULL);
    dm_queue_free(queue);
    assert_true(now_ms() - start < TOO_LONG_MS);
}

static void a_queue_is_freed_with_results_that_were_not_taken(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    for (size_t i = 0; i < 10; i++)
        assert_ok(test, push(test, queue, i, NULL));
    while (!is_readable(queue))
        sleep_ms(1);
    dm_queue_free(queue);
    dm_queue_free(open_queue(test, NULL));
    dm_queue_free(NULL);
}

/* Returns when one poll has requested this number of tasks, which shows that they have been submitted. */
static void await_poll(const struct api_test *test, size_t mark, size_t task_count)
{
    bool found = false;
    while (!found) {
        sleep_ms(5);
        struct request_log *log = sent_since(test, mark);
        for (size_t i = 0; i < log->count && !found; i++)
            found = log_count_arguments(log->items[i], "task_ids") == task_count;
        request_log_free(log);
    }
}

/* Its task continues on the service. */
static void assert_cancelled(struct api_test *test, const dm_result *result)
{
    dm_task *task = NULL;
    assert_status(result->status, DM_ERR_CANCELLED, &result->error);
    assert_null(result->inference);
    assert_int_equal(result->error.http_status, 0); /* the submission succeeded */
    assert_ok(test, dm_task_retrieve(test->client, result->error.task_id, NULL, &task, &test->error));
    assert_int_equal(task->status, DM_TASK_PENDING);
    dm_task_free(task);
}

static void a_cancelled_queue_gives_back_every_image_with_its_task(void **state)
{
    struct api_test *test = *state;
    const size_t mark = sandbox_mark(test->sandbox);
    int tags[5] = {0};
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    for (size_t i = 0; i < 5; i++)
        assert_ok(test, push(test, queue, i, &tags[i]));
    await_poll(test, mark, 5);
    dm_queue_cancel(queue);
    dm_queue_cancel(queue);
    assert_status(push(test, queue, 0, NULL), DM_ERR_CANCELLED, &test->error);
    for (size_t i = 0; i < 5; i++) {
        dm_result *result = next_result(test, queue);
        assert_ptr_equal(result->tag, &tags[i]);
        assert_cancelled(test, result);
        dm_result_free(result);
    }
    assert_done(test, queue);
    dm_queue_free(queue);
    dm_queue_cancel(NULL);
}

/* If the queue is cancelled at once, some images are being submitted. The service may have accepted those that were
 * sent completely. */
static void a_cancelled_queue_gives_back_what_is_being_submitted(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, NULL);

    for (size_t i = 0; i < 64; i++)
        assert_ok(test, push(test, queue, i, NULL));
    dm_queue_cancel(queue);
    for (size_t i = 0; i < 64; i++) {
        dm_result *result = next_result(test, queue);
        assert_status(result->status, DM_ERR_CANCELLED, &result->error);
        assert_true(result->error.attempts <= 1);
        dm_result_free(result);
    }
    assert_done(test, queue);
    dm_queue_free(queue);
}

/* ---- One image's failure ---- */

static void an_image_that_cannot_be_recognised_fails_alone(void **state)
{
    struct api_test *test = *state;
    const dm_input broken = dm_image_bytes("no image", 8);
    const dm_input missing = dm_image_file("no-such-file.png");
    int tag = 0;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    assert_ok(test, push(test, queue, 0, NULL));
    assert_ok(test, dm_queue_push_spec(queue, spec, &broken, 1, NULL, &tag, &test->error));
    assert_ok(test, dm_queue_push_spec(queue, spec, &missing, 1, NULL, NULL, &test->error));
    assert_ok(test, dm_queue_push_spec(queue, dm_public_spec("no-such-spec"), &broken, 1, NULL, NULL, &test->error));
    assert_ok(test, push(test, queue, 4, NULL));
    static const dm_status expected[] = {DM_OK, DM_ERR_TASK_FAILED, DM_ERR_FILE, DM_ERR_NOT_FOUND, DM_OK};
    static const char *const words[] = {"", "failed", "no-such-file.png", "no-such-spec", ""};
    for (size_t i = 0; i < COUNT(expected); i++) {
        dm_result *result = next_result(test, queue);
        assert_status(result->status, expected[i], &result->error);
        assert_int_equal(result->error.status, expected[i]);
        assert_non_null(strstr(result->error.message, words[i]));
        assert_int_equal(result->inference != NULL, expected[i] == DM_OK);
        assert_int_equal(result->error.task_id.text[0] != '\0', expected[i] == DM_ERR_TASK_FAILED);
        dm_result_free(result);
    }
    dm_queue_free(queue);
}

static void a_version_that_does_not_exist_is_the_images_failure(void **state)
{
    struct api_test *test = *state;
    const dm_input input = picture(0);
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_queue_push_version(queue, 4242, &input, 1, NULL, NULL, &test->error));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_NOT_FOUND, &result->error);
    assert_int_equal(result->error.attempts, 1);
    dm_result_free(result);
    dm_queue_free(queue);
}

/* About one request of a hundred fails. */
static const char *const faulty[] = {"--task-delay-ms",
                                     "20",
                                     "--fault",
                                     "POST * status=503 skip=20 count=1",
                                     "--fault",
                                     "POST * reset skip=60 count=1",
                                     "--fault",
                                     "POST * cut=5 skip=110 count=1",
                                     "--fault",
                                     "GET * status=502 skip=1 count=1",
                                     "--fault",
                                     "GET * cut=20 skip=2 count=1",
                                     NULL};

/* The log shows the answers 503 and 502, and the one that was not sent. It does not show that an answer was cut. */
static void assert_failures_happened(const struct api_test *test)
{
    size_t count = 0;
    struct request_log *log = sent_since(test, 0);

    for (size_t i = 0; i < log->count; i++)
        count += log_number(log->items[i], "status") / 100 != 2;
    assert_int_equal(count, 3);
    request_log_free(log);
}

/* On the same port, but without its tasks. */
static void restart_service(struct api_test *test)
{
    char port[8];
    const char *const arguments[] = {"--task-delay-ms", "20", "--port", port, NULL};

    snprintf(port, sizeof port, "%s", strrchr(sandbox_url(test->sandbox), ':') + 1);
    assert_int_equal(sandbox_stop(test->sandbox), 0);
    test->sandbox = sandbox_start(arguments);
    assert_non_null(test->sandbox);
}

/* Takes a result. It may be a failure, because an image may have lost its task or its connection in the restart. */
static bool take_survivor(struct api_test *test, dm_queue *queue, int *counts)
{
    dm_result *result = next_result(test, queue);
    const bool is_good = result->status == DM_OK;

    counts[(int *)result->tag - counts]++;
    if (is_good)
        assert_recognised(result, 0);
    else if (result->status != DM_ERR_NETWORK)
        assert_status(result->status, DM_ERR_NOT_FOUND, &result->error);
    dm_result_free(result);
    return is_good;
}

/* All images have the same colour, because the restarted service may give the same ids to other tasks. */
static void across_faults_and_a_restart_each_push_has_one_result(void **state)
{
    enum { PUSHES = 3 * IMAGES, IN_FLIGHT = 32 };
    struct api_test *test = *state;
    int counts[PUSHES] = {0};
    int lost = 0;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = IN_FLIGHT});

    for (size_t i = 0; i < PUSHES; i++) {
        while (push(test, queue, 0, &counts[i]) == DM_FULL)
            lost += !take_survivor(test, queue, counts);
        if (i == PUSHES / 2) {
            assert_failures_happened(test);
            assert_int_equal(lost, 0);
            restart_service(test);
        }
    }
    for (size_t i = 0; i < IN_FLIGHT; i++)
        lost += !take_survivor(test, queue, counts);
    assert_done(test, queue);
    for (size_t i = 0; i < PUSHES; i++)
        assert_int_equal(counts[i], 1);
    assert_true(lost <= IN_FLIGHT);
    dm_queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(a_wait_that_times_out_loses_no_result, NULL),
        API_TEST(a_wait_that_is_cancelled_loses_no_result, NULL),
        API_TEST(an_image_that_is_not_done_in_its_time_fails_with_its_task, slow_tasks),
        API_TEST(a_queue_with_everything_in_flight_is_freed_at_once, slow_tasks),
        API_TEST(a_queue_is_freed_with_results_that_were_not_taken, quick_tasks),
        API_TEST(a_cancelled_queue_gives_back_every_image_with_its_task, slow_tasks),
        API_TEST(a_cancelled_queue_gives_back_what_is_being_submitted, slow_tasks),
        API_TEST(an_image_that_cannot_be_recognised_fails_alone, quick_tasks),
        API_TEST(a_version_that_does_not_exist_is_the_images_failure, quick_tasks),
        API_TEST(across_faults_and_a_restart_each_push_has_one_result, faulty),
    };
    return cmocka_run_group_tests(tests, make_pictures, free_pictures);
}

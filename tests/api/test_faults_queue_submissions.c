/* A queue whose submissions fail, are rejected or are cancelled: each push still has exactly one result. */
#include "assert_status.h"
#include "clock_ms.h"
#include "faults_queue_test.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

static void a_submission_that_stalls_ends_in_time(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    run_one(&scene, 300, DM_ERR_TIMEOUT, "no answer");
    assert_true(scene.error.outcome_unknown);
}

/* The rejection of the first image pauses the queue until long after the second image's deadline. */
static void an_image_that_cannot_be_sent_in_its_time_is_reported_as_not_sent(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "Retry-After: 3600\r\n", "");
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 1500);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_RATE_LIMITED, "3600 s");
    expect(&scene, queue, DM_ERR_TIMEOUT, "before its timeout, because the service asks to wait another 35");
    assert_in_range(scene.error.retry_after_ms, 3500 * 1000, 3600 * 1000);
    assert_int_equal(scene.error.attempts, 0);
    assert_int_equal(scene_requests(&scene), 1);
    end(&scene, queue);
}

/* After the rejection there is one request a second, so the last images are not sent. */
static void an_image_that_cannot_be_sent_at_the_limited_rate_reports_the_limit(void **state)
{
    enum { IMAGES = 5 };
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", SCENE_RETRY_AT_ONCE, "");
    good(&scene, SCENE_TASK_ID);
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 1000);
    push(&scene, queue);
    assert_true(fault_server_await_requests(scene.server, 2, TOO_LONG_MS));
    for (int i = 1; i < IMAGES; i++)
        push(&scene, queue);
    for (int i = 1; i < IMAGES; i++) {
        dm_result *result = NULL;
        assert_status(dm_queue_next(queue, NULL, &result, &scene.error), DM_OK, &scene.error);
        dm_result_free(result);
    }
    expect(&scene, queue, DM_ERR_TIMEOUT, "before its timeout; the service limits the rate of requests");
    assert_int_equal(scene.error.attempts, 0);
    end(&scene, queue);
}

/* All images time out at the same moment, and the queue ends one after the other. */
static void submissions_that_stall_together_all_end_in_time(void **state)
{
    enum { TOGETHER = 8 };
    const dm_queue_options options = {.max_connections = TOGETHER, .image_timeout_ms = 500};
    struct scene scene;
    dm_queue *queue = NULL;
    (void)state;
    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    assert_status(dm_queue_new(scene.client, &options, &queue, &scene.error), DM_OK, &scene.error);
    for (int i = 0; i < TOGETHER; i++)
        push(&scene, queue);
    for (int i = 0; i < TOGETHER; i++)
        expect(&scene, queue, DM_ERR_TIMEOUT, "");
    end(&scene, queue);
}

/* The first image is due for its second attempt, but the second image occupies the only connection. */
static void an_image_whose_time_ends_between_two_attempts_is_a_timeout(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "Retry-After: 0.5\r\n", "");
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 1500);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_TIMEOUT, "");
    assert_int_equal(scene.error.attempts, 1);
    assert_true(scene.error.outcome_unknown);
    expect(&scene, queue, DM_ERR_TIMEOUT, "no answer");
    assert_int_equal(scene_requests(&scene), 2);
    end(&scene, queue);
}

static void a_submission_is_retried(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, SCENE_RETRY_AT_ONCE, "");
    scene_break(&scene, FAULT_THEN_RESET);
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(DONE("123")));
    run_one(&scene, 0, DM_OK, "");
}

static void a_submission_fails_after_five_attempts(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "", "");
    run_one(&scene, 0, DM_ERR_SERVER, "after 5 attempts");
    assert_int_equal(scene.error.attempts, 5);
    assert_true(scene.error.outcome_unknown);
}

static void an_image_that_waits_for_its_retry_is_freed_with_the_queue(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "", "");
    scene_start(&scene, &(dm_client_options){.retry_delay_ms = LONG_MS, .max_retry_delay_ms = LONG_MS});
    dm_queue *queue = open_queue(&scene, LONG_MS);
    push(&scene, queue);
    assert_true(fault_server_await_requests(scene.server, 1, TOO_LONG_MS));
    dm_queue_free(queue); /* with an image that waits for its retry */
    scene_end(&scene);
}

/* Cancels the queue when the server has received this number of requests and does not answer. */
static void run_cancelled(struct scene *scene, size_t requests)
{
    scene_break(scene, FAULT_THEN_STALL);
    scene_start(scene, NULL);
    dm_queue *queue = open_queue(scene, LONG_MS);
    push(scene, queue);
    assert_true(fault_server_await_requests(scene->server, requests, TOO_LONG_MS));
    dm_queue_cancel(queue);
    expect(scene, queue, DM_ERR_CANCELLED, "");
    end(scene, queue);
}

static void a_cancelled_submission_without_an_answer_has_an_unknown_outcome(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    run_cancelled(&scene, 1);
    assert_int_equal(scene.error.attempts, 1);
    assert_true(scene.error.outcome_unknown);
}

static void an_image_whose_poll_has_no_answer_is_cancelled_with_its_task(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    run_cancelled(&scene, 2);
    assert_string_equal(scene.error.task_id.text, "123");
    assert_false(scene.error.outcome_unknown);
}

/* The first attempt of an image has failed, and may have been processed. Its retry is due later. The second request
 * is for another image. */
static dm_queue *push_for_retry(struct scene *scene, const dm_input *input)
{
    scene_start(scene, NULL);
    dm_queue *queue = open_queue(scene, LONG_MS);
    assert_status(dm_queue_push_spec(queue, dm_public_spec("p"), input, 1, NULL, NULL, &scene->error), DM_OK,
                  &scene->error);
    push(scene, queue);
    assert_true(fault_server_await_requests(scene->server, 2, TOO_LONG_MS));
    return queue;
}

static void expect_first_attempt(struct scene *scene, dm_queue *queue, dm_status status)
{
    expect(scene, queue, status, "(the service may still have processed it)");
    assert_int_equal(scene->error.attempts, 1);
    assert_int_equal(scene->error.http_status, 500);
    assert_true(scene->error.outcome_unknown);
}

static void an_image_that_is_cancelled_before_its_retry_reports_its_first_attempt(void **state)
{
    struct scene scene;
    const dm_input image = scene_image();
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "Retry-After: 5\r\n", "");
    scene_break(&scene, FAULT_THEN_STALL);
    dm_queue *queue = push_for_retry(&scene, &image);
    dm_queue_cancel(queue);
    expect_first_attempt(&scene, queue, DM_ERR_CANCELLED);
    expect(&scene, queue, DM_ERR_CANCELLED, "");
    end(&scene, queue);
}

static void an_image_whose_file_is_gone_before_its_retry_reports_its_first_attempt(void **state)
{
    struct scene scene;
    char *folder = temp_folder_new();
    char *path = temp_path(folder, "image.jpg");
    const dm_input image = dm_image_file(path);
    (void)state;
    assert_true(write_file(path, "image", 5));
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "Retry-After: 1\r\n", "");
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(DONE("123")));
    dm_queue *queue = push_for_retry(&scene, &image);
    assert_int_equal(remove(path), 0);
    expect_first_attempt(&scene, queue, DM_ERR_FILE);
    expect(&scene, queue, DM_OK, "");
    end(&scene, queue);
    free(path);
    assert_true(temp_folder_remove(folder));
}

static void a_rejected_submission_is_not_retried(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "400 Bad Request", "", "{\"error\":\"no current version\"}");
    run_one(&scene, 0, DM_ERR_REJECTED, "no current version");
    assert_string_equal(scene.error.server_message, "no current version");
}

static void a_reply_without_a_task_leaves_the_outcome_unknown(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, "{}");
    run_one(&scene, 0, DM_ERR_BAD_RESPONSE, "task_id");
    assert_true(scene.error.outcome_unknown);
}

/* The whole queue pauses: the second image is not sent meanwhile either. Without the pause, the next request would come
 * after the client's own delay of 1 ms. */
static void a_rejection_pauses_the_whole_queue(void **state)
{
    enum { PAUSE_MS = 500 };
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "Retry-After: 0.5\r\n", "");
    good(&scene, "{\"task_id\":\"1\"}");
    good(&scene, PAGE(DONE("1")));
    good(&scene, "{\"task_id\":\"2\"}");
    good(&scene, PAGE(DONE("2")));
    scene_start(&scene, &(dm_client_options){.retry_delay_ms = 1, .max_retry_delay_ms = 1});
    dm_queue *queue = open_queue(&scene, 0);
    const long long start = now_ms();
    push(&scene, queue);
    push(&scene, queue);
    assert_true(fault_server_await_requests(scene.server, 2, TOO_LONG_MS));
    assert_true(now_ms() - start >= PAUSE_MS);
    expect(&scene, queue, DM_OK, "");
    expect(&scene, queue, DM_OK, "");
    end(&scene, queue);
}

/* A submission is then retried after the client's own delay. A poll is not retried, but followed by the next poll. */
static void a_rejection_without_a_pause_is_retried(void **state)
{
    static const char refused[] = "429 Too Many Requests";
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, refused, "", "");
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, refused, "", "");
    good(&scene, PAGE(DONE("123")));
    run_one(&scene, 0, DM_OK, "");
}

static void a_pause_beyond_the_images_time_is_its_failure(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "Retry-After: 3600\r\n", "");
    run_one(&scene, 0, DM_ERR_RATE_LIMITED, "3600 s");
    assert_int_equal(scene.error.retry_after_ms, 3600 * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_submission_that_stalls_ends_in_time),
        cmocka_unit_test(an_image_that_cannot_be_sent_in_its_time_is_reported_as_not_sent),
        cmocka_unit_test(an_image_that_cannot_be_sent_at_the_limited_rate_reports_the_limit),
        cmocka_unit_test(submissions_that_stall_together_all_end_in_time),
        cmocka_unit_test(an_image_whose_time_ends_between_two_attempts_is_a_timeout),
        cmocka_unit_test(a_submission_is_retried),
        cmocka_unit_test(a_submission_fails_after_five_attempts),
        cmocka_unit_test(an_image_that_waits_for_its_retry_is_freed_with_the_queue),
        cmocka_unit_test(a_cancelled_submission_without_an_answer_has_an_unknown_outcome),
        cmocka_unit_test(an_image_whose_poll_has_no_answer_is_cancelled_with_its_task),
        cmocka_unit_test(an_image_that_is_cancelled_before_its_retry_reports_its_first_attempt),
        cmocka_unit_test(an_image_whose_file_is_gone_before_its_retry_reports_its_first_attempt),
        cmocka_unit_test(a_rejected_submission_is_not_retried),
        cmocka_unit_test(a_reply_without_a_task_leaves_the_outcome_unknown),
        cmocka_unit_test(a_rejection_pauses_the_whole_queue),
        cmocka_unit_test(a_rejection_without_a_pause_is_retried),
        cmocka_unit_test(a_pause_beyond_the_images_time_is_its_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

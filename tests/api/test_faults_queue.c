/* The queue with a service that fails: each push still has exactly one result. There is only one connection, so
 * requests are sent one after the other. */
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE(results) "{\"count\":1,\"next\":null,\"previous\":null,\"results\":[" results "]}"
#define TASK(id, status, error, data)                                                                                  \
    "{\"id\":\"" id "\",\"status\":\"" status "\",\"error\":" error ",\"data\":" data "}"
#define DONE(id)    TASK(id, "success", "null", "{\"outputs\":[]}")
#define PENDING(id) TASK(id, "pending", "null", "null")

static void good(struct scene *scene, const char *body)
{
    scene_reply(scene, "200 OK", "", body);
}

static dm_queue *open_queue(struct scene *scene, int64_t image_timeout_ms)
{
    const dm_queue_options options = {.max_connections = 1, .in_order = true, .image_timeout_ms = image_timeout_ms};
    dm_queue *queue = NULL;
    assert_status(dm_queue_new(scene->client, &options, &queue, &scene->error), DM_OK, &scene->error);
    return queue;
}

static void push(struct scene *scene, dm_queue *queue)
{
    const dm_input input = scene_image();
    assert_status(dm_queue_push_spec(queue, dm_public_spec("p"), &input, 1, NULL, NULL, &scene->error), DM_OK,
                  &scene->error);
}

/* Takes a result, and copies its error to the scene. */
static void expect(struct scene *scene, dm_queue *queue, dm_status status, const char *word)
{
    dm_result *result = NULL;
    assert_status(dm_queue_next(queue, NULL, &result, &scene->error), DM_OK, &scene->error);
    assert_status(result->status, status, &result->error);
    scene->error = result->error;
    dm_result_free(result);
    scene_check(scene, status);
    if (strstr(scene->error.message, word) == NULL)
        fail_msg("'%s' is not in: %s", word, scene->error.message);
}

static void end(struct scene *scene, dm_queue *queue)
{
    dm_result *result = NULL;
    assert_int_equal(dm_queue_next(queue, NULL, &result, NULL), DM_DONE);
    dm_queue_free(queue);
    scene_end(scene);
}

static size_t count_ids(const struct fault_request *request)
{
    size_t count = 0;
    for (const char *at = request->target; (at = strstr(at, "task_ids=")) != NULL; at++)
        count++;
    return count;
}

/* Pushes one image, and checks its result. The replies have been added before. */
static void run_one(struct scene *scene, int64_t timeout_ms, dm_status status, const char *word)
{
    scene_start(scene, NULL);
    dm_queue *queue = open_queue(scene, timeout_ms);
    push(scene, queue);
    expect(scene, queue, status, word);
    end(scene, queue);
}

static void a_poll_that_fails_does_not_end_the_wait(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, "502 Bad Gateway", "", "");
    scene_break(&scene, FAULT_THEN_RESET);
    good(&scene, PAGE(PENDING("123")));
    good(&scene, PAGE(DONE("123")));
    run_one(&scene, 0, DM_OK, "");
}

/* As dm_spec_infer. A poll may reach a server that does not know the tasks yet. */
static void a_single_404_does_not_end_the_wait(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, "404 Not Found", "", "");
    good(&scene, PAGE(PENDING("123")));
    scene_reply(&scene, "404 Not Found", "", "");
    good(&scene, PAGE(DONE("123")));
    run_one(&scene, 0, DM_OK, "");
}

static void two_404_in_a_row_end_the_wait(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_NOT_FOUND, "HTTP 404");
    assert_string_equal(scene.error.task_id.text, "123");
    assert_int_equal(scene_requests(&scene), 3);
    end(&scene, queue);
}

/* Returns whether a poll had failed when the time was up: it was followed by another one. */
static bool time_out_after_failed_polls(int64_t timeout_ms, bool is_last)
{
    struct scene scene;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, "502 Bad Gateway", "", "");
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, timeout_ms);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_TIMEOUT, "");
    const bool has_failed = scene_requests(&scene) >= 3 || is_last;
    if (has_failed) {
        assert_non_null(strstr(scene.error.message, "the last poll failed: "));
        assert_string_equal(scene.error.task_id.text, "123");
    }
    end(&scene, queue);
    return has_failed;
}

/* On a busy machine, it takes longer until a poll has failed. */
static void a_timeout_says_how_the_last_poll_failed(void **state)
{
    int64_t timeout_ms = 700;
    (void)state;
    while (!time_out_after_failed_polls(timeout_ms, timeout_ms > TOO_LONG_MS))
        timeout_ms *= 4;
}

static void a_poll_that_stalls_does_not_hold_the_image_beyond_its_time(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_break(&scene, FAULT_THEN_STALL);
    run_one(&scene, 700, DM_ERR_TIMEOUT, "task 123 was not done");
}

/* The reply to the first image's poll never ends. Its connection is the only one, so the second image needs it. */
static void a_poll_without_end_does_not_keep_its_connection_beyond_the_images_time(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    struct fault_step *step = scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n ");
    step->drip = true;
    step->endless_tail = 1;
    good(&scene, "{\"task_id\":\"124\"}");
    good(&scene, PAGE(DONE("124")));
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 1500);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_TIMEOUT, "task 123 was not done");
    push(&scene, queue);
    expect(&scene, queue, DM_OK, "");
    end(&scene, queue);
}

static void a_submission_that_stalls_ends_in_time(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    run_one(&scene, 300, DM_ERR_TIMEOUT, "no answer");
    assert_true(scene.error.outcome_unknown);
}

/* The refusal of the first image pauses the queue until long after the second image's time. */
static void what_cannot_even_be_sent_in_its_time_says_so(void **state)
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
static void an_image_whose_time_ends_between_two_attempts_says_so(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "Retry-After: 1\r\n", "");
    scene_break(&scene, FAULT_THEN_STALL);
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 2500);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_TIMEOUT, "");
    assert_int_equal(scene.error.attempts, 1);
    assert_true(scene.error.outcome_unknown);
    expect(&scene, queue, DM_ERR_TIMEOUT, "no answer");
    assert_int_equal(scene_requests(&scene), 2);
    end(&scene, queue);
}

static void a_task_that_two_polls_do_not_find_is_not_found(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(""));
    good(&scene, PAGE(PENDING("123")));
    good(&scene, PAGE(""));
    good(&scene, PAGE(DONE("9")));
    run_one(&scene, 0, DM_ERR_NOT_FOUND, "task 123");
}

static void a_task_that_cannot_be_read_is_a_bad_response(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(TASK("123", "done", "null", "null")));
    run_one(&scene, 0, DM_ERR_BAD_RESPONSE, "task 123");
}

static void a_task_without_predictions_is_a_bad_response(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(TASK("123", "success", "null", "{}")));
    run_one(&scene, 0, DM_ERR_BAD_RESPONSE, "data.outputs");
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

static void retries_come_to_an_end(void **state)
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

/* Cancels the queue when the server has this many requests and is silent. */
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

static void a_submission_without_an_answer_is_cancelled_and_its_outcome_open(void **state)
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

/* The first attempt of an image has failed and may have been processed. Its retry is due later. The second request is
 * that of another image. */
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

static void an_image_that_is_cancelled_before_its_retry_tells_of_its_first_attempt(void **state)
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

static void an_image_whose_file_is_gone_before_its_retry_tells_of_its_first_attempt(void **state)
{
    struct scene scene;
    char *folder = temp_folder_new();
    char *path = temp_path(folder, "image.jpg");
    const dm_input image = dm_image_file(path);
    (void)state;
    assert_true(write_file(path, "image", 5));
    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "Retry-After: 2\r\n", "");
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

static void a_reply_without_a_task_leaves_the_outcome_open(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, "{}");
    run_one(&scene, 0, DM_ERR_BAD_RESPONSE, "task_id");
    assert_true(scene.error.outcome_unknown);
}

/* The whole queue pauses: the second image is not sent meanwhile either. */
static void a_refusal_pauses_the_whole_queue(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "Retry-After: 1\r\n", "");
    good(&scene, "{\"task_id\":\"1\"}");
    good(&scene, PAGE(DONE("1")));
    good(&scene, "{\"task_id\":\"2\"}");
    good(&scene, PAGE(DONE("2")));
    scene_start(&scene, NULL);
    dm_queue *queue = open_queue(&scene, 0);
    const long long start = now_ms();
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_OK, "");
    assert_true(now_ms() - start >= 1000);
    expect(&scene, queue, DM_OK, "");
    end(&scene, queue);
}

/* A submission is then sent again after a delay of the client's own; a poll is not sent again, but another one is. */
static void a_refusal_without_a_pause_is_survived(void **state)
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

/* Two images whose submissions come before their polls, which are made late enough. The first poll, of one of them or
 * of both, pauses the queue until both are due, so that the next poll is certain to be of both. */
static void run_two(struct scene *scene, const char *first_poll, const char *headers, const char *body,
                    const char *const *further, size_t further_count)
{
    good(scene, "{\"task_id\":\"1\"}");
    good(scene, "{\"task_id\":\"2\"}");
    const bool is_slow = getenv("DEEPOMATIC_TESTS_UNDER") != NULL;
    const int64_t delay_ms = is_slow ? 1500 : 400;
    scene_reply(scene, SCENE_BUSY, is_slow ? "Retry-After: 3\r\n" : "Retry-After: 0.8\r\n", "");
    scene_reply(scene, first_poll, headers, body);
    for (size_t i = 0; i < further_count; i++)
        good(scene, further[i]);
    scene_start(scene, &(dm_client_options){.poll_delay_ms = delay_ms, .max_poll_delay_ms = delay_ms});
}

static void ids_that_are_refused_together_are_asked_for_alone(void **state)
{
    static const char *const further[] = {PAGE(DONE("1") "," DONE("2")), PAGE(DONE("1") "," DONE("2"))};
    struct scene scene;
    (void)state;
    scene_init(&scene);
    run_two(&scene, "400 Bad Request", "", "{\"error\":\"bad id\"}", further, 2);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_OK, "");
    expect(&scene, queue, DM_OK, "");
    assert_int_equal(count_ids(scene_request(&scene, 3)), 2);
    assert_int_equal(count_ids(scene_request(&scene, 4)), 1);
    assert_int_equal(count_ids(scene_request(&scene, 5)), 1);
    end(&scene, queue);
}

/* A task makes the whole reply invalid: first that for both, and then that for the second one that is asked for
 * alone. */
static void an_unreadable_task_does_not_cost_the_other_image(void **state)
{
    static const char unreadable[] = PAGE(TASK("3", "success", "null", "{\"x\":\"\\ud800\"}"));
    static const char *const further[] = {PAGE(DONE("1") "," DONE("2")), unreadable};
    struct scene scene;
    int count[2] = {0};
    (void)state;
    scene_init(&scene);
    run_two(&scene, "200 OK", "", unreadable, further, 2);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    for (size_t i = 0; i < 2; i++) {
        dm_result *result = NULL;
        assert_status(dm_queue_next(queue, NULL, &result, &scene.error), DM_OK, &scene.error);
        assert_true(result->status == DM_OK || strstr(result->error.message, "an unpaired surrogate") != NULL);
        count[result->status == DM_OK]++;
        dm_result_free(result);
    }
    assert_int_equal(count[true], 1);
    assert_int_equal(count_ids(scene_request(&scene, 3)), 2);
    assert_int_equal(scene_requests(&scene), 6);
    end(&scene, queue);
}

static void a_poll_that_fails_for_good_fails_all_its_images(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    run_two(&scene, "401 Unauthorized", "", "{\"detail\":\"Invalid token.\"}", NULL, 0);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_ERR_CREDENTIALS, "Invalid token.");
    assert_string_equal(scene.error.task_id.text, "1");
    expect(&scene, queue, DM_ERR_CREDENTIALS, "Invalid token.");
    assert_string_equal(scene.error.task_id.text, "2");
    end(&scene, queue);
}

static void an_answer_of_several_pages_is_read_to_its_end(void **state)
{
    static const char *const further[] = {PAGE(DONE("1"))};
    struct scene scene;
    (void)state;
    scene_init(&scene);
    run_two(
        &scene, "200 OK", "",
        "{\"count\":2,\"next\":\"http://127.0.0.1/v0.7/tasks?offset=1\",\"previous\":null,\"results\":[" DONE("2") "]}",
        further, 1);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_OK, "");
    expect(&scene, queue, DM_OK, "");
    assert_int_equal(scene_requests(&scene), 5);
    end(&scene, queue);
}

/* A service may return the same task for equal images. */
static void two_images_of_one_task_have_a_result_each(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    good(&scene, SCENE_TASK_ID);
    good(&scene, PAGE(DONE("123")));
    scene_start(&scene, &(dm_client_options){.poll_delay_ms = 600, .max_poll_delay_ms = 600});
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    expect(&scene, queue, DM_OK, "");
    expect(&scene, queue, DM_OK, "");
    end(&scene, queue);
}

static void a_poll_is_redirected(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_reply(&scene, "302 Found", "Location: /v0.7/elsewhere\r\n", "");
    good(&scene, PAGE(DONE("123")));
    run_one(&scene, 0, DM_OK, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_poll_that_fails_does_not_end_the_wait),
        cmocka_unit_test(a_single_404_does_not_end_the_wait),
        cmocka_unit_test(two_404_in_a_row_end_the_wait),
        cmocka_unit_test(a_timeout_says_how_the_last_poll_failed),
        cmocka_unit_test(a_poll_that_stalls_does_not_hold_the_image_beyond_its_time),
        cmocka_unit_test(a_poll_without_end_does_not_keep_its_connection_beyond_the_images_time),
        cmocka_unit_test(a_submission_that_stalls_ends_in_time),
        cmocka_unit_test(what_cannot_even_be_sent_in_its_time_says_so),
        cmocka_unit_test(submissions_that_stall_together_all_end_in_time),
        cmocka_unit_test(an_image_whose_time_ends_between_two_attempts_says_so),
        cmocka_unit_test(a_task_that_two_polls_do_not_find_is_not_found),
        cmocka_unit_test(a_task_that_cannot_be_read_is_a_bad_response),
        cmocka_unit_test(a_task_without_predictions_is_a_bad_response),
        cmocka_unit_test(a_submission_is_retried),
        cmocka_unit_test(retries_come_to_an_end),
        cmocka_unit_test(an_image_that_waits_for_its_retry_is_freed_with_the_queue),
        cmocka_unit_test(a_submission_without_an_answer_is_cancelled_and_its_outcome_open),
        cmocka_unit_test(an_image_whose_poll_has_no_answer_is_cancelled_with_its_task),
        cmocka_unit_test(an_image_that_is_cancelled_before_its_retry_tells_of_its_first_attempt),
        cmocka_unit_test(an_image_whose_file_is_gone_before_its_retry_tells_of_its_first_attempt),
        cmocka_unit_test(a_rejected_submission_is_not_retried),
        cmocka_unit_test(a_reply_without_a_task_leaves_the_outcome_open),
        cmocka_unit_test(a_refusal_pauses_the_whole_queue),
        cmocka_unit_test(a_refusal_without_a_pause_is_survived),
        cmocka_unit_test(a_pause_beyond_the_images_time_is_its_failure),
        cmocka_unit_test(ids_that_are_refused_together_are_asked_for_alone),
        cmocka_unit_test(an_unreadable_task_does_not_cost_the_other_image),
        cmocka_unit_test(a_poll_that_fails_for_good_fails_all_its_images),
        cmocka_unit_test(an_answer_of_several_pages_is_read_to_its_end),
        cmocka_unit_test(two_images_of_one_task_have_a_result_each),
        cmocka_unit_test(a_poll_is_redirected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

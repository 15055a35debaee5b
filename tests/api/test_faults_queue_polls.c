/* A queue whose polls fail: each push still has exactly one result. */
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "faults_queue_test.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t count_ids(const struct fault_request *request)
{
    size_t count = 0;
    for (const char *at = request->target; (at = strstr(at, "task_ids=")) != NULL; at++)
        count++;
    return count;
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

/* A poll is rejected. The next request must not come before the pause has ended, although an image waits. */
static void run_rejected_poll(const char *status, const char *headers, const dm_client_options *options)
{
    enum { PAUSE_MS = 500 };
    struct scene scene;
    scene_init(&scene);
    good(&scene, "{\"task_id\":\"1\"}");
    scene_reply(&scene, status, headers, "");
    good(&scene, PAGE(DONE("1")));
    scene_start(&scene, options);
    dm_queue *queue = open_queue(&scene, 0);
    const long long start = now_ms();
    push(&scene, queue);
    assert_true(fault_server_await_requests(scene.server, 2, TOO_LONG_MS));
    assert_int_equal(count_ids(scene_request(&scene, 1)), 1);
    push(&scene, queue);
    assert_true(fault_server_await_requests(scene.server, 3, TOO_LONG_MS));
    assert_true(now_ms() - start >= PAUSE_MS);
    dm_queue_free(queue);
    scene_end(&scene);
}

static void a_rejected_poll_pauses_the_whole_queue(void **state)
{
    (void)state;
    run_rejected_poll("429 Too Many Requests", "Retry-After: 0.5\r\n", NULL);
    run_rejected_poll(SCENE_BUSY, "Retry-After: 0.5\r\n", NULL);
}

/* The pause is then the client's own delay of a retry. */
static void a_rejected_poll_without_retry_after_pauses_the_queue_too(void **state)
{
    (void)state;
    run_rejected_poll("429 Too Many Requests", "",
                      &(dm_client_options){.retry_delay_ms = 500, .max_retry_delay_ms = 500});
}

/* Like dm_spec_infer: a poll may reach a server that does not know the task yet. */
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

/* Returns whether a poll had failed before the timeout: another poll followed it. */
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
        assert_non_null(strstr(scene.error.message, "the queue's last poll failed: "));
        assert_string_equal(scene.error.task_id.text, "123");
    }
    end(&scene, queue);
    return has_failed;
}

/* On a busy machine, it takes longer until a poll has failed. */
static void a_timeout_reports_how_the_last_poll_failed(void **state)
{
    int64_t timeout_ms = 700;
    (void)state;
    while (!time_out_after_failed_polls(timeout_ms, timeout_ms > TOO_LONG_MS))
        timeout_ms *= 4;
}

static void a_poll_that_stalls_does_not_delay_the_image_beyond_its_deadline(void **state)
{
    struct scene scene;
    (void)state;
    scene_init(&scene);
    good(&scene, SCENE_TASK_ID);
    scene_break(&scene, FAULT_THEN_STALL);
    run_one(&scene, 700, DM_ERR_TIMEOUT, "task 123 was not done");
}

/* The reply to the first image's poll never ends. Its connection is the only one, so the second image needs it. */
static void an_endless_poll_does_not_keep_its_connection_beyond_the_images_time(void **state)
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

/* Two images. The poll delay is so long that both are submitted before the first poll. That poll, for one of them or
 * both, is answered with a Retry-After that ends when both are due, so that the next poll is for both. */
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

static void ids_that_are_refused_together_are_polled_alone(void **state)
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

/* The first reply is that for both tasks, and the last one that for the second task that is polled alone. */
static void run_unreadable(const char *unreadable, const char *words)
{
    const char *const further[] = {PAGE(DONE("1") "," DONE("2")), unreadable};
    struct scene scene;
    int count[2] = {0};
    scene_init(&scene);
    run_two(&scene, "200 OK", "", unreadable, further, 2);
    dm_queue *queue = open_queue(&scene, 0);
    push(&scene, queue);
    push(&scene, queue);
    for (size_t i = 0; i < 2; i++) {
        dm_result *result = NULL;
        assert_status(dm_queue_next(queue, NULL, &result, &scene.error), DM_OK, &scene.error);
        assert_true(result->status == DM_OK || strstr(result->error.message, words) != NULL);
        count[result->status == DM_OK]++;
        dm_result_free(result);
    }
    assert_int_equal(count[true], 1);
    assert_int_equal(count_ids(scene_request(&scene, 3)), 2);
    assert_int_equal(scene_requests(&scene), 6);
    end(&scene, queue);
}

/* A task makes the whole reply invalid, or no item of it has an id. */
static void an_unreadable_task_does_not_affect_the_other_image(void **state)
{
    (void)state;
    run_unreadable(PAGE(TASK("3", "success", "null", "{\"x\":\"\\ud800\"}")), "an unpaired surrogate");
    run_unreadable(PAGE("{\"status\":\"success\"}"), "results[0].id is missing");
}

/* The tasks 1 to 100, and task 0, which is pushed before them. */
enum { HUNDRED = 100, MAX_PAGE = 16 * 1024 };

static void write_page(char page[MAX_PAGE], int first, int last, bool is_done)
{
    static const char head[] = "{\"count\":100,\"next\":null,\"previous\":null,\"results\":[";
    size_t length = (size_t)snprintf(page, MAX_PAGE, "%s", head);
    for (int id = first; id <= last; id++) {
        char *end = page + length;
        length += (size_t)snprintf(end, MAX_PAGE - length, is_done ? DONE("%d") "," : PENDING("%d") ",", id);
    }
    snprintf(page + length - 1, MAX_PAGE - length + 1, "]}"); /* in place of the last comma */
}

/* The reply to the poll for task 0 takes so long that all other tasks are pushed and due meanwhile. */
static void add_slow_reply(struct scene *scene, size_t delay_ms)
{
    char page[MAX_PAGE];
    write_page(page, 0, 0, true);
    const size_t length = strlen(page);
    memset(page + length, ' ', delay_ms);
    page[length + delay_ms] = '\0';
    scene_reply(scene, "200 OK", "", page)->drip = true;
}

static void push_task(struct scene *scene, dm_queue *queue, int number)
{
    dm_task_id id;
    snprintf(id.text, sizeof id.text, "%d", number);
    assert_status(dm_queue_push_task(queue, id, NULL, &scene->error), DM_OK, &scene->error);
}

/* Takes the results of all tasks. Returns the id of the one that failed. */
static dm_task_id expect_one_failure(struct scene *scene, dm_queue *queue)
{
    dm_task_id failed = {""};
    for (int i = 0; i <= HUNDRED; i++) {
        dm_result *result = NULL;
        assert_status(dm_queue_next(queue, NULL, &result, &scene->error), DM_OK, &scene->error);
        if (result->status != DM_OK) {
            assert_string_equal(failed.text, "");
            assert_non_null(strstr(result->error.message, "an unpaired surrogate"));
            failed = result->error.task_id;
        }
        dm_result_free(result);
    }
    return failed;
}

static bool has_id(const struct fault_request *request, const dm_task_id *id)
{
    char argument[80];
    snprintf(argument, sizeof argument, "task_ids=%s&", id->text);
    return strstr(request->target, argument) != NULL;
}

/* Each poll that includes the bad task fails as a whole. It is split into halves, so that the others are answered soon.
 * Those that are pending then share polls again. */
static void a_bad_task_among_a_hundred_is_found_by_halves(void **state)
{
    enum { HALVINGS = 7, FIRST = 1 };
    static const size_t sizes[] = {100, 50, 50, 25, 25, 13, 12, 7, 6, 4, 3, 2, 2, 1, 1};
    static const char bad[] = PAGE(TASK("0", "success", "null", "{\"x\":\"\\ud800\"}"));
    const dm_queue_options options = {.max_in_flight = HUNDRED + 1, .max_connections = 1};
    const int64_t delay_ms = getenv("DEEPOMATIC_TESTS_UNDER") != NULL ? 1500 : 400;
    static char pending[MAX_PAGE];
    static char done[MAX_PAGE];
    static struct scene scene;
    dm_queue *queue = NULL;
    (void)state;
    scene_init(&scene);
    add_slow_reply(&scene, (size_t)delay_ms * 2);
    write_page(pending, 1, HUNDRED, false);
    write_page(done, 1, HUNDRED, true);
    good(&scene, bad);
    for (int i = 0; i < HALVINGS; i++) {
        good(&scene, bad);
        good(&scene, i > 0 ? done : pending);
    }
    good(&scene, done);
    scene_start(&scene, &(dm_client_options){.poll_delay_ms = delay_ms, .max_poll_delay_ms = delay_ms});
    assert_status(dm_queue_new(scene.client, &options, &queue, &scene.error), DM_OK, &scene.error);
    push_task(&scene, queue, 0);
    assert_true(fault_server_await_requests(scene.server, FIRST, TOO_LONG_MS));
    for (int i = 1; i <= HUNDRED; i++)
        push_task(&scene, queue, i);
    const dm_task_id failed = expect_one_failure(&scene, queue);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        assert_int_equal(count_ids(scene_request(&scene, FIRST + i)), sizes[i]);
        assert_int_equal(has_id(scene_request(&scene, FIRST + i), &failed), i == 0 || i % 2 == 1);
    }
    assert_in_range(scene_requests(&scene), FIRST + COUNT(sizes), 25);
    end(&scene, queue);
}

static void a_poll_that_fails_permanently_fails_all_its_images(void **state)
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
        cmocka_unit_test(a_rejected_poll_pauses_the_whole_queue),
        cmocka_unit_test(a_rejected_poll_without_retry_after_pauses_the_queue_too),
        cmocka_unit_test(a_single_404_does_not_end_the_wait),
        cmocka_unit_test(two_404_in_a_row_end_the_wait),
        cmocka_unit_test(a_timeout_reports_how_the_last_poll_failed),
        cmocka_unit_test(a_poll_that_stalls_does_not_delay_the_image_beyond_its_deadline),
        cmocka_unit_test(an_endless_poll_does_not_keep_its_connection_beyond_the_images_time),
        cmocka_unit_test(a_task_that_two_polls_do_not_find_is_not_found),
        cmocka_unit_test(a_task_that_cannot_be_read_is_a_bad_response),
        cmocka_unit_test(a_task_without_predictions_is_a_bad_response),
        cmocka_unit_test(ids_that_are_refused_together_are_polled_alone),
        cmocka_unit_test(an_unreadable_task_does_not_affect_the_other_image),
        cmocka_unit_test(a_bad_task_among_a_hundred_is_found_by_halves),
        cmocka_unit_test(a_poll_that_fails_permanently_fails_all_its_images),
        cmocka_unit_test(an_answer_of_several_pages_is_read_to_its_end),
        cmocka_unit_test(two_images_of_one_task_have_a_result_each),
        cmocka_unit_test(a_poll_is_redirected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

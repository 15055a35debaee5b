/* The queue processes many images at a time with the sandbox. Each push has exactly one result. */
#include "api_test.h"
#include "array.h"
#include "clock_ms.h"
#include "queue_test.h"
#include "sent_requests.h"
#include "test.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

/* ---- Taking results ---- */

/* Takes a result, whose tag must point into `counts`. */
static size_t take_counted(struct api_test *test, dm_queue *queue, int *counts)
{
    dm_result *result = next_result(test, queue);
    const size_t number = (size_t)((int *)result->tag - counts);
    counts[number]++;
    assert_recognised(result, number);
    dm_result_free(result);
    return number;
}

static void each_push_has_one_result_and_it_is_its_own(void **state)
{
    struct api_test *test = *state;
    int counts[IMAGES] = {0};
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = 16});

    for (size_t i = 0; i < IMAGES; i++) {
        while (push(test, queue, i, &counts[i]) == DM_FULL)
            take_counted(test, queue, counts);
        assert_int_equal(test->error.status, DM_OK);
    }
    for (size_t i = 0; i < 16; i++)
        take_counted(test, queue, counts);
    for (size_t i = 0; i < IMAGES; i++)
        assert_int_equal(counts[i], 1);
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void with_in_order_results_come_in_the_order_of_the_pushes(void **state)
{
    struct api_test *test = *state;
    int counts[IMAGES] = {0};
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = IMAGES, .in_order = true});

    for (size_t i = 0; i < IMAGES; i++)
        assert_ok(test, push(test, queue, i, &counts[i]));
    for (size_t i = 0; i < IMAGES; i++)
        assert_int_equal(take_counted(test, queue, counts), i);
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void a_full_queue_takes_nothing_until_a_result_is_taken(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = 2});

    assert_ok(test, push(test, queue, 0, NULL));
    assert_ok(test, push(test, queue, 1, NULL));
    assert_int_equal(push(test, queue, 2, NULL), DM_FULL);
    assert_int_equal(test->error.status, DM_OK);
    while (!is_readable(queue))
        sleep_ms(1);
    assert_int_equal(push(test, queue, 2, NULL), DM_FULL);
    dm_result_free(next_result(test, queue));
    assert_ok(test, push(test, queue, 2, NULL));
    dm_result_free(next_result(test, queue));
    dm_result_free(next_result(test, queue));
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void the_descriptor_is_readable_exactly_while_a_result_waits(void **state)
{
    struct api_test *test = *state;
    struct pollfd watched = {.events = POLLIN};
    dm_queue *queue = open_queue(test, NULL);

    watched.fd = dm_queue_descriptor(queue);
    assert_int_equal(fcntl(watched.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_false(is_readable(queue));
    for (size_t i = 0; i < 3; i++)
        assert_ok(test, push(test, queue, i, NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(poll(&watched, 1, LONG_MS), 1);
        dm_result_free(next_result(test, queue));
    }
    assert_false(is_readable(queue));
    assert_done(test, queue);
    dm_queue_free(queue);
}

static void with_in_order_the_descriptor_waits_for_the_first_push(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.in_order = true});

    for (size_t i = 0; i < 20; i++)
        assert_ok(test, push(test, queue, i, NULL));
    for (size_t i = 0; i < 20; i++) {
        dm_result *result = NULL;
        const dm_call_options at_once = {.timeout_ms = 1};
        while (!is_readable(queue))
            sleep_ms(1);
        assert_ok(test, dm_queue_next(queue, &at_once, &result, &test->error));
        assert_recognised(result, i);
        dm_result_free(result);
    }
    dm_queue_free(queue);
}

static void a_result_outlives_its_queue(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, push(test, queue, 1, NULL));
    dm_result *result = next_result(test, queue);
    dm_queue_free(queue);
    assert_recognised(result, 1);
    dm_result_free(result);
}

/* ---- The arguments of a push ---- */

/* After the push, the queue must use nothing of the arguments except the images' bytes. */
static void everything_except_the_images_is_copied(void **state)
{
    struct api_test *test = *state;
    const size_t mark = sandbox_mark(test->sandbox);
    char name[] = "sandbox-colors";
    dm_bbox box = {0, 0, 0.5, 0.5};
    dm_point corners[] = {{0, 0}, {0.5, 0}, {0.5, 0.25}};
    dm_infer_options options = {.max_predictions = 3};
    dm_input input = picture(1);
    dm_queue *queue = open_queue(test, NULL);

    input.bbox = &box;
    input.polygon = corners;
    input.polygon_count = COUNT(corners);
    assert_ok(test, dm_queue_push_spec(queue, dm_public_spec(name), &input, 1, &options, NULL, &test->error));
    memset(name, 'x', sizeof name - 1);
    memset(&box, 0xff, sizeof box);
    memset(corners, 0xff, sizeof corners);
    memset(&options, 0xff, sizeof options);
    memset(&input, 0xff, sizeof input);
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_OK, &result->error); /* the sandbox rejects invalid boxes and polygons */
    dm_result_free(result);
    dm_queue_free(queue);
    struct request_log *log = api_requests_since(test, mark, "/v0.7/recognition/public/sandbox-colors/inference");
    assert_int_equal(log->count, 1);
    request_log_free(log);
}

static void a_path_is_copied(void **state)
{
    struct api_test *test = *state;
    char path[] = PHOTOS_DIR "/cat.jpg";
    const dm_input input = dm_image_file(path);
    dm_queue *queue = open_queue(test, NULL);

    assert_ok(test, dm_queue_push_spec(queue, spec, &input, 1, NULL, NULL, &test->error));
    memset(path, 'x', sizeof path - 1);
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_OK, &result->error);
    dm_result_free(result);
    dm_queue_free(queue);
}

static void assert_refused(struct api_test *test, dm_queue *queue, dm_spec_id id, const dm_input *inputs, size_t count,
                           const char *word)
{
    const dm_infer_options options = {.max_predictions = strcmp(word, "max_predictions") == 0 ? -1 : 0};
    assert_status(dm_queue_push_spec(queue, id, inputs, count, &options, NULL, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_non_null(strstr(test->error.message, word));
}

static void a_push_with_a_bad_argument_fails_and_has_no_result(void **state)
{
    struct api_test *test = *state;
    const dm_bbox inverted = {0.5, 0, 0.2, 1};
    const dm_input good = picture(0);
    dm_input bad[] = {dm_image_bytes(NULL, 3), dm_image_url("no url"), dm_image_base64("a?==", 4), picture(0), {0}};
    const size_t mark = sandbox_mark(test->sandbox);
    dm_queue *queue = open_queue(test, NULL);

    bad[3].bbox = &inverted;
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_refused(test, queue, spec, &bad[i], 1, "inputs[0]");
    assert_refused(test, queue, spec, NULL, 1, "inputs");
    assert_refused(test, queue, spec, NULL, SIZE_MAX, "inputs");
    assert_refused(test, queue, spec, &good, 0, "inputs");
    assert_refused(test, queue, spec, &good, 1, "max_predictions");
    assert_refused(test, queue, dm_private_spec(-1), &good, 1, "id");
    assert_refused(test, queue, dm_public_spec("../me"), &good, 1, "id");
    assert_refused(test, NULL, spec, &good, 1, "queue");
    assert_status(dm_queue_push_version(queue, 0, &good, 1, NULL, NULL, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_status(dm_queue_push_version(NULL, 1, &good, 1, NULL, NULL, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_status(dm_queue_push_version(queue, 0, &good, 1, NULL, NULL, NULL), DM_ERR_INVALID_ARGUMENT, NULL);
    assert_done(test, queue);
    dm_queue_free(queue);
    assert_nothing_sent(test, mark);
}

static void bad_options_and_null_pointers_are_refused(void **state)
{
    struct api_test *test = *state;
    dm_queue *queue = (dm_queue *)test;
    dm_result *result = (dm_result *)test;
    const dm_queue_options bad[] = {{.max_connections = -1}, {.max_connections = 129}};

    for (size_t i = 0; i < COUNT(bad); i++) {
        queue = (dm_queue *)test;
        assert_status(dm_queue_new(test->client, &bad[i], &queue, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
        assert_null(queue);
    }
    assert_status(dm_queue_new(NULL, NULL, &queue, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_queue_new(test->client, NULL, NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_queue_next(NULL, NULL, &result, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_null(result);
    queue = open_queue(test, NULL);
    assert_status(dm_queue_next(queue, NULL, NULL, &test->error), DM_ERR_INVALID_ARGUMENT, &test->error);
    dm_queue_free(queue);
}

/* ---- Connections and polls ---- */

static void connections_are_bounded_and_polls_are_shared(void **state)
{
    struct api_test *test = *state;
    const size_t mark = sandbox_mark(test->sandbox);
    int counts[IMAGES] = {0};
    size_t polls = 0;
    int64_t connections = 0;
    const dm_queue_options options = {.max_in_flight = IMAGES, .max_connections = 2};
    dm_client *client = api_client_with(test, (dm_client_options){0});
    dm_queue *queue = NULL;

    assert_ok(test, dm_queue_new(client, &options, &queue, &test->error));
    for (size_t i = 0; i < IMAGES; i++)
        assert_ok(test, push(test, queue, i, &counts[i]));
    for (size_t i = 0; i < IMAGES; i++)
        take_counted(test, queue, counts);
    dm_queue_free(queue);
    dm_client_free(client);
    struct request_log *log = sent_since(test, mark);
    for (size_t i = 0; i < log->count; i++) {
        polls += strcmp(log_text(log->items[i], "path"), "/v0.7/tasks") == 0;
        if (log_number(log->items[i], "connection") > connections)
            connections = log_number(log->items[i], "connection");
        assert_true(log_count_arguments(log->items[i], "task_ids") <= 100);
    }
    assert_int_equal(log->count - polls, IMAGES);
    assert_true(polls > 0 && polls < IMAGES);
    assert_int_equal(connections, 2);
    request_log_free(log);
}

/* Usually there are 9 polls. Without a shared spacing, there would be one for nearly each image. Under valgrind,
 * images are submitted so slowly that few share a poll. */
static void with_64_in_flight_there_are_at_most_25_polls_for_100_images(void **state)
{
    enum { MANY_IMAGES = 800, IN_FLIGHT = 64 };
    const size_t max_percent = getenv("DEEPOMATIC_TESTS_UNDER") != NULL ? 75 : 25;
    struct api_test *test = *state;
    const size_t mark = sandbox_mark(test->sandbox);
    dm_queue *queue = open_queue(test, &(dm_queue_options){.max_in_flight = IN_FLIGHT, .max_connections = 16});

    for (size_t i = 0; i < MANY_IMAGES; i++) {
        if (i >= IN_FLIGHT)
            dm_result_free(next_result(test, queue));
        assert_ok(test, push(test, queue, i, NULL));
    }
    for (size_t i = 0; i < IN_FLIGHT; i++)
        dm_result_free(next_result(test, queue));
    assert_done(test, queue);
    dm_queue_free(queue);
    struct request_log *polls = api_requests_since(test, mark, "/v0.7/tasks");
    print_message("%.3f polls per image\n", (double)polls->count / MANY_IMAGES);
    assert_true(polls->count * 100 <= MANY_IMAGES * max_percent);
    request_log_free(polls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(each_push_has_one_result_and_it_is_its_own, quick_tasks),
        API_TEST(with_in_order_results_come_in_the_order_of_the_pushes, quick_tasks),
        API_TEST(a_full_queue_takes_nothing_until_a_result_is_taken, quick_tasks),
        API_TEST(the_descriptor_is_readable_exactly_while_a_result_waits, quick_tasks),
        API_TEST(with_in_order_the_descriptor_waits_for_the_first_push, quick_tasks),
        API_TEST(a_result_outlives_its_queue, quick_tasks),
        API_TEST(everything_except_the_images_is_copied, quick_tasks),
        API_TEST(a_path_is_copied, quick_tasks),
        API_TEST(a_push_with_a_bad_argument_fails_and_has_no_result, quick_tasks),
        API_TEST(bad_options_and_null_pointers_are_refused, quick_tasks),
        API_TEST(connections_are_bounded_and_polls_are_shared, quick_tasks),
        API_TEST(with_64_in_flight_there_are_at_most_25_polls_for_100_images, quick_tasks),
    };
    return cmocka_run_group_tests(tests, make_pictures, free_pictures);
}

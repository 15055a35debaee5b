/* The queue: many images at a time, against the sandbox. Each push has exactly one result. */
#include "api_test.h"
#include "array.h"
#include "clock_ms.h"
#include "sent_requests.h"
#include "temp_files.h"
#include "test.h"
#include "tiny_png.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IMAGES = 100, COLORS = 3 };

static const dm_spec_id spec = {.public_id = "sandbox-colors"};
static const char *const slow_tasks[] = {"--task-delay-ms", "30000", NULL};
static const char *const quick_tasks[] = {"--task-delay-ms", "20", NULL};

/* Pictures of one colour each. The number of a push says which one it sends, and its tag where its result is counted. */
static unsigned char *pictures[COLORS];
static size_t picture_sizes[COLORS];
static const char *const color_names[COLORS] = {"red", "green", "blue"};

static int make_pictures(void **state)
{
    static const char *const rows[COLORS][2] = {{"rr", NULL}, {"gg", NULL}, {"bb", NULL}};
    (void)state;
    for (size_t i = 0; i < COLORS; i++)
        pictures[i] = tiny_png(rows[i], &picture_sizes[i]);
    return 0;
}

static int free_pictures(void **state)
{
    (void)state;
    for (size_t i = 0; i < COLORS; i++)
        free(pictures[i]);
    return 0;
}

static dm_input picture(size_t number)
{
    return dm_image_bytes(pictures[number % COLORS], picture_sizes[number % COLORS]);
}

static dm_queue *open_queue(struct api_test *test, const dm_queue_options *options)
{
    dm_queue *queue = (dm_queue *)test;
    assert_ok(test, dm_queue_new(test->client, options, &queue, &test->error));
    assert_non_null(queue);
    return queue;
}

static dm_status push(struct api_test *test, dm_queue *queue, size_t number, void *tag)
{
    const dm_input input = picture(number);
    return dm_queue_push_spec(queue, spec, &input, 1, NULL, tag, &test->error);
}

static dm_result *next_result(struct api_test *test, dm_queue *queue)
{
    dm_result *result = NULL;
    assert_ok(test, dm_queue_next(queue, NULL, &result, &test->error));
    assert_non_null(result);
    return result;
}

static void assert_recognised(const dm_result *result, size_t number)
{
    assert_status(result->status, DM_OK, &result->error);
    assert_int_equal(result->error.status, DM_OK);
    assert_string_equal(result->error.message, "");
    assert_int_equal(result->inference->output_count, 1);
    assert_string_equal(result->inference->outputs[0].labels.predicted[0].label_name, color_names[number % COLORS]);
}

static void assert_done(struct api_test *test, dm_queue *queue)
{
    dm_result *result = (dm_result *)test;
    assert_status(dm_queue_next(queue, NULL, &result, &test->error), DM_DONE, &test->error);
    assert_null(result);
    assert_int_equal(test->error.status, DM_OK);
}

static bool is_readable(const dm_queue *queue)
{
    struct pollfd watched = {.fd = dm_queue_descriptor(queue), .events = POLLIN};
    return poll(&watched, 1, 0) == 1;
}

/* ---- What is taken ---- */

/* Takes a result, which must be that of a push with a tag in `counts`. */
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

static void in_order_the_results_come_as_the_pushes_went(void **state)
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

static void in_order_the_descriptor_waits_for_the_first_one(void **state)
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

/* ---- What ends a wait ---- */

static void a_wait_ends_with_its_time_and_nothing_is_lost(void **state)
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

static void a_wait_ends_with_its_token_and_nothing_is_lost(void **state)
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
    assert_ok(test, dm_queue_next(queue, &call, &result, &test->error)); /* what is there is given */
    assert_recognised(result, 2);
    dm_result_free(result);
    dm_cancel_free(call.cancel);
    dm_queue_free(queue);
}

static void an_image_that_is_not_done_in_its_time_fails_with_its_task(void **state)
{
    struct api_test *test = *state;
    dm_task *task = NULL;
    dm_queue *queue = open_queue(test, &(dm_queue_options){.image_timeout_ms = 500});

    assert_ok(test, push(test, queue, 0, NULL));
    dm_result *result = next_result(test, queue);
    assert_status(result->status, DM_ERR_TIMEOUT, &result->error);
    assert_null(result->inference);
    assert_non_null(strstr(result->error.message, "the wait can be resumed"));
    assert_ok(test, dm_task_retrieve(test->client, result->error.task_id, NULL, &task, &test->error));
    assert_int_equal(task->status, DM_TASK_PENDING);
    dm_task_free(task);
    dm_result_free(result);
    dm_queue_free(queue);
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

static void a_queue_is_freed_with_results_that_nobody_took(void **state)
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

/* Returns when a poll has asked for this many tasks at once: so many have been submitted. */
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

/* Its task goes on. */
static void assert_cancelled(struct api_test *test, const dm_result *result)
{
    dm_task *task = NULL;
    assert_status(result->status, DM_ERR_CANCELLED, &result->error);
    assert_null(result->inference);
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

/* Cancelled at once, some images are on their way: the service may have taken those whose last byte was sent. */
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

/* The answers 503 and 502, and the one that did not come. Of those that were cut, the log does not tell. */
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

/* Takes a result, which may be that of an image that the restart has cost its task or its connection. */
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

/* All images have the same colour, because the service that is started again may give the same ids to other tasks. */
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

/* ---- What a push takes ---- */

/* Nothing of the arguments but the images' bytes may be looked at after the push. */
static void everything_but_the_images_is_copied(void **state)
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
    assert_status(result->status, DM_OK, &result->error); /* the sandbox refuses what is no box and no polygon */
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

/* A slower machine polls less often. Without a shared spacing, there would be a poll for nearly each image. */
static void with_64_in_flight_there_are_at_most_15_polls_for_100_images(void **state)
{
    enum { MANY_IMAGES = 800, IN_FLIGHT = 64 };
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
    print_message("%.3f polls an image\n", (double)polls->count / MANY_IMAGES);
    assert_true(polls->count * 100 <= MANY_IMAGES * (size_t)15);
    request_log_free(polls);
}

/* ---- Beside others ---- */

struct worker {
    struct api_test *test;
    bool is_queue;
    size_t good;
};

static void *work(void *data)
{
    struct worker *worker = data;
    dm_queue *queue = NULL;
    dm_result *result = NULL;
    dm_inference *inference = NULL;
    const dm_input input = picture(0);

    if (worker->is_queue && dm_queue_new(worker->test->client, NULL, &queue, NULL) == DM_OK) {
        for (size_t i = 0; i < 20; i++)
            if (dm_queue_push_spec(queue, spec, &input, 1, NULL, NULL, NULL) != DM_OK)
                return NULL;
        while (dm_queue_next(queue, NULL, &result, NULL) == DM_OK) {
            worker->good += result->status == DM_OK;
            dm_result_free(result);
        }
        dm_queue_free(queue);
    }
    for (size_t i = 0; !worker->is_queue && i < 20; i++) {
        worker->good += dm_spec_infer(worker->test->client, spec, &input, 1, NULL, NULL, &inference, NULL) == DM_OK;
        dm_inference_free(inference);
    }
    return NULL;
}

static void queues_and_blocking_calls_share_a_client(void **state)
{
    struct worker workers[6];
    pthread_t threads[COUNT(workers)];

    for (size_t i = 0; i < COUNT(workers); i++) {
        workers[i] = (struct worker){*state, i % 2 == 0, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < COUNT(workers); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].good, 20);
    }
}

static atomic_int signals_here;
static pthread_t test_thread;

static void count_signal(int number)
{
    (void)number;
    if (pthread_equal(pthread_self(), test_thread))
        atomic_fetch_add(&signals_here, 1);
}

/* With all other threads blocking it, a signal of the process waits for the only one that does not: this one. */
static void signals_are_not_delivered_to_the_queues_thread(void **state)
{
    struct api_test *test = *state;
    const struct sigaction action = {.sa_handler = count_signal};
    struct sigaction previous;
    sigset_t usr1;
    sigset_t pending;
    dm_queue *queue = open_queue(test, NULL);

    test_thread = pthread_self();
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    assert_int_equal(sigaction(SIGUSR1, &action, &previous), 0);
    assert_int_equal(pthread_sigmask(SIG_BLOCK, &usr1, NULL), 0);
    assert_int_equal(kill(getpid(), SIGUSR1), 0);
    assert_ok(test, push(test, queue, 0, NULL));
    dm_result_free(next_result(test, queue));
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGUSR1), 1);
    assert_int_equal(pthread_sigmask(SIG_UNBLOCK, &usr1, NULL), 0);
    assert_int_equal(atomic_load(&signals_here), 1);
    assert_int_equal(sigaction(SIGUSR1, &previous, NULL), 0);
    dm_queue_free(queue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(each_push_has_one_result_and_it_is_its_own, quick_tasks),
        API_TEST(in_order_the_results_come_as_the_pushes_went, quick_tasks),
        API_TEST(a_full_queue_takes_nothing_until_a_result_is_taken, quick_tasks),
        API_TEST(the_descriptor_is_readable_exactly_while_a_result_waits, quick_tasks),
        API_TEST(in_order_the_descriptor_waits_for_the_first_one, quick_tasks),
        API_TEST(a_result_outlives_its_queue, quick_tasks),
        API_TEST(a_wait_ends_with_its_time_and_nothing_is_lost, NULL),
        API_TEST(a_wait_ends_with_its_token_and_nothing_is_lost, NULL),
        API_TEST(an_image_that_is_not_done_in_its_time_fails_with_its_task, slow_tasks),
        API_TEST(a_queue_with_everything_in_flight_is_freed_at_once, slow_tasks),
        API_TEST(a_queue_is_freed_with_results_that_nobody_took, quick_tasks),
        API_TEST(a_cancelled_queue_gives_back_every_image_with_its_task, slow_tasks),
        API_TEST(a_cancelled_queue_gives_back_what_is_being_submitted, slow_tasks),
        API_TEST(an_image_that_cannot_be_recognised_fails_alone, quick_tasks),
        API_TEST(a_version_that_does_not_exist_is_the_images_failure, quick_tasks),
        API_TEST(across_faults_and_a_restart_each_push_has_one_result, faulty),
        API_TEST(everything_but_the_images_is_copied, quick_tasks),
        API_TEST(a_path_is_copied, quick_tasks),
        API_TEST(a_push_with_a_bad_argument_fails_and_has_no_result, quick_tasks),
        API_TEST(bad_options_and_null_pointers_are_refused, quick_tasks),
        API_TEST(connections_are_bounded_and_polls_are_shared, quick_tasks),
        API_TEST(with_64_in_flight_there_are_at_most_15_polls_for_100_images, quick_tasks),
        API_TEST(queues_and_blocking_calls_share_a_client, quick_tasks),
        API_TEST(signals_are_not_delivered_to_the_queues_thread, quick_tasks),
    };
    return cmocka_run_group_tests(tests, make_pictures, free_pictures);
}

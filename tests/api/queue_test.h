/* Shared by the tests of the queue: pictures of one colour each, pushes and results. */
#ifndef API_QUEUE_TEST_H
#define API_QUEUE_TEST_H

#include "api_test.h"
#include "test.h"
#include "tiny_png.h"

#include <poll.h>
#include <stdlib.h>

enum { IMAGES = 100, COLORS = 3 };

static const dm_spec_id spec = {.public_id = "sandbox-colors"};
static const char *const slow_tasks[] = {"--task-delay-ms", "30000", NULL};
static const char *const quick_tasks[] = {"--task-delay-ms", "20", NULL};

/* Pictures of one colour each. The number of a push selects the picture, and its tag points to the counter of its
 * results. */
static unsigned char *pictures[COLORS];
static size_t picture_sizes[COLORS];
static const char *const color_names[COLORS] = {"red", "green", "blue"};

static inline int make_pictures(void **state)
{
    static const char *const rows[COLORS][2] = {{"rr", NULL}, {"gg", NULL}, {"bb", NULL}};
    (void)state;
    for (size_t i = 0; i < COLORS; i++)
        pictures[i] = tiny_png(rows[i], &picture_sizes[i]);
    return 0;
}

static inline int free_pictures(void **state)
{
    (void)state;
    for (size_t i = 0; i < COLORS; i++)
        free(pictures[i]);
    return 0;
}

static inline dm_input picture(size_t number)
{
    return dm_image_bytes(pictures[number % COLORS], picture_sizes[number % COLORS]);
}

static inline dm_queue *open_queue(struct api_test *test, const dm_queue_options *options)
{
    dm_queue *queue = (dm_queue *)test;
    assert_ok(test, dm_queue_new(test->client, options, &queue, &test->error));
    assert_non_null(queue);
    return queue;
}

static inline dm_status push(struct api_test *test, dm_queue *queue, size_t number, void *tag)
{
    const dm_input input = picture(number);
    return dm_queue_push_spec(queue, spec, &input, 1, NULL, tag, &test->error);
}

static inline dm_result *next_result(struct api_test *test, dm_queue *queue)
{
    dm_result *result = NULL;
    assert_ok(test, dm_queue_next(queue, NULL, &result, &test->error));
    assert_non_null(result);
    return result;
}

static inline void assert_recognised(const dm_result *result, size_t number)
{
    assert_status(result->status, DM_OK, &result->error);
    assert_int_equal(result->error.status, DM_OK);
    assert_string_equal(result->error.message, "");
    assert_int_equal(result->inference->output_count, 1);
    assert_string_equal(result->inference->outputs[0].labels.predicted[0].label_name, color_names[number % COLORS]);
}

static inline void assert_done(struct api_test *test, dm_queue *queue)
{
    dm_result *result = (dm_result *)test;
    assert_status(dm_queue_next(queue, NULL, &result, &test->error), DM_DONE, &test->error);
    assert_null(result);
    assert_int_equal(test->error.status, DM_OK);
}

static inline bool is_readable(const dm_queue *queue)
{
    struct pollfd watched = {.fd = dm_queue_descriptor(queue), .events = POLLIN};
    return poll(&watched, 1, 0) == 1;
}

#endif

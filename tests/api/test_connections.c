/* Connections are reused: consecutive calls share one, and each thread has at most one. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "inference_same.h"
#include "temp_files.h"
#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 100, THREADS = 8, ROUNDS_OF_A_THREAD = 15 };

static char *path;
static char *bytes;
static size_t size;
static char *url;

static int start(void **state)
{
    (void)state;
    api_test_start(&api, sandbox_with_photos);
    path = temp_path(PHOTOS_DIR, "coffee.png");
    bytes = read_whole_file(path, &size);
    url = api_file_url(&api, "coffee.png");
    return bytes != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    free(path);
    free(bytes);
    free(url);
    api_test_stop(&api);
    return 0;
}

/* Files and URLs alternate. The sandbox fetches the URLs over its own connections. */
static dm_input input_of_round(int round)
{
    const dm_input inputs[] = {dm_image_file(path), dm_image_url(url), dm_image_bytes(bytes, size)};

    return inputs[round % 3];
}

static bool retrieve(dm_client *client)
{
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_retrieve(client, dm_public_spec("sandbox-regions"), NULL, &spec, NULL);
    const bool right = status == DM_OK && strcmp(spec->id.public_id, "sandbox-regions") == 0;

    dm_spec_free(spec);
    return right;
}

/* The predictions for a strip of the picture, which is a different one in each round. NULL on failure. */
static dm_inference *infer_strip(dm_client *client, int round)
{
    const dm_bbox strip = {.xmin = 0, .ymin = (double)(round % 10) / 10, .xmax = 1, .ymax = (round % 10 + 1.0) / 10};
    dm_input input = input_of_round(round);
    dm_inference *inference = NULL;

    input.bbox = &strip;
    if (dm_spec_infer(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, NULL) != DM_OK)
        return NULL;
    return inference;
}

/* ---- Counting the connections in the log ---- */

static bool is_new(const int64_t *seen, size_t count, int64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (seen[i] == number)
            return false;
    }
    return true;
}

static size_t count_connections(const struct request_log *log)
{
    int64_t seen[64];
    size_t count = 0;

    for (size_t i = 0; i < log->count; i++) {
        const int64_t number = log_number(log->items[i], "connection");

        if (!is_new(seen, count, number))
            continue;
        assert_true(count < COUNT(seen));
        seen[count++] = number;
    }
    return count;
}

static void a_hundred_calls_in_a_row_share_one_connection(void **state)
{
    const size_t mark = sandbox_mark(api.sandbox);

    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        dm_inference *inference = infer_strip(api.client, round);

        assert_non_null(inference);
        assert_true(retrieve(api.client));
        dm_inference_free(inference);
    }
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/");
    assert_true(log->count >= (size_t)3 * ROUNDS); /* a retrieve, a submission, a poll of the task */
    assert_int_equal(count_connections(log), 1);
    request_log_free(log);
}

/* A failed call must not close the connection. */
static void calls_that_the_service_refuses_share_the_connection(void **state)
{
    const size_t mark = sandbox_mark(api.sandbox);
    const dm_input not_an_image = dm_image_bytes("not an image", 12);

    (void)state;
    for (int round = 0; round < 5; round++) {
        dm_spec *spec = NULL;
        dm_inference *inference = NULL;

        assert_status(dm_spec_retrieve(api.client, dm_public_spec("none"), NULL, &spec, NULL), DM_ERR_NOT_FOUND, NULL);
        assert_status(dm_spec_infer(api.client, dm_public_spec("none"), &not_an_image, 1, NULL, NULL, &inference, NULL),
                      DM_ERR_NOT_FOUND, NULL);
        assert_status(
            dm_spec_infer(api.client, dm_public_spec("sandbox-colors"), &not_an_image, 1, NULL, NULL, &inference, NULL),
            DM_ERR_TASK_FAILED, NULL);
        assert_true(retrieve(api.client));
    }
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/");
    assert_int_equal(count_connections(log), 1);
    request_log_free(log);
}

/* ---- Threads ---- */

/* The expected predictions of each strip, from a single thread. */
static dm_inference *expected[10];

struct worker {
    dm_client *client;
    pthread_t thread;
    int number;
    int right_answers;
};

static bool strip_is_right(dm_client *client, int round)
{
    dm_inference *inference = infer_strip(client, round);
    const bool right = inference != NULL && inference_same(inference, expected[round % 10]);

    dm_inference_free(inference);
    return right;
}

static void *work(void *argument)
{
    struct worker *worker = argument;

    for (int round = 0; round < ROUNDS_OF_A_THREAD; round++) {
        worker->right_answers += strip_is_right(worker->client, 7 * worker->number + round);
        worker->right_answers += retrieve(worker->client);
    }
    return NULL;
}

static void run_workers(dm_client *client)
{
    struct worker workers[THREADS];

    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){.client = client, .number = i};
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(workers[i].thread, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].right_answers, 2 * ROUNDS_OF_A_THREAD);
}

static void find_expected(void)
{
    for (int strip = 0; strip < 10; strip++) {
        expected[strip] = infer_strip(api.client, strip);
        assert_non_null(expected[strip]);
        assert_true(strip == 0 || !inference_same(expected[strip], expected[strip - 1]));
    }
}

static void eight_threads_share_a_client_with_a_connection_each_at_most(void **state)
{
    dm_client *client = api_client_new(sandbox_url(api.sandbox), SANDBOX_KEY);

    (void)state;
    find_expected();
    const size_t mark = sandbox_mark(api.sandbox);
    run_workers(client);
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/");
    assert_true(log->count >= (size_t)3 * THREADS * ROUNDS_OF_A_THREAD);
    assert_in_range(count_connections(log), 1, THREADS);
    request_log_free(log);
    for (int strip = 0; strip < 10; strip++)
        dm_inference_free(expected[strip]);
    dm_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_calls_in_a_row_share_one_connection),
        cmocka_unit_test(calls_that_the_service_refuses_share_the_connection),
        cmocka_unit_test(eight_threads_share_a_client_with_a_connection_each_at_most),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

/* One task: retrieved, awaited, failed, and awaited again after a timeout. */
#include "api_test.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "inference_same.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Three sandboxes: tasks take 1.5 s in `api`, no time in `fast` and 3 s in `slow`. */
static struct api_test fast;
static struct api_test slow;
static char *photo;
static size_t photo_size;

static int start(void **state)
{
    const char *const fast_arguments[] = {"--task-delay-ms", "0", NULL};
    const char *const arguments[] = {"--task-delay-ms", "1500", NULL};
    const char *const slow_arguments[] = {"--task-delay-ms", "3000", NULL};

    (void)state;
    api_test_start(&fast, fast_arguments);
    api_test_start(&api, arguments);
    api_test_start(&slow, slow_arguments);
    photo = read_whole_file(PHOTOS_DIR "/coffee.png", &photo_size);
    return photo != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    free(photo);
    api_test_stop(&fast);
    api_test_stop(&api);
    api_test_stop(&slow);
    return 0;
}

static dm_task_id submit(dm_client *client, const void *bytes, size_t size)
{
    const dm_input input = dm_image_bytes(bytes, size);
    dm_task_id id;
    dm_error error;

    assert_status(dm_spec_submit(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &id, &error), DM_OK,
                  &error);
    assert_true(id.text[0] != '\0');
    return id;
}

static dm_task_id submit_photo(const struct api_test *test)
{
    return submit(test->client, photo, photo_size);
}

static dm_task *retrieve(const struct api_test *test, dm_task_id id)
{
    dm_task *task = NULL;
    dm_error error;

    assert_status(dm_task_retrieve(test->client, id, NULL, &task, &error), DM_OK, &error);
    assert_string_equal(task->id.text, id.text);
    return task;
}

static dm_task *wait_for(const struct api_test *test, dm_task_id id)
{
    dm_task *task = NULL;
    dm_error error;

    assert_status(dm_task_wait(test->client, id, NULL, &task, &error), DM_OK, &error);
    assert_string_equal(task->id.text, id.text);
    return task;
}

static void check_dates(const dm_task *task)
{
    struct tm parsed = {0};

    assert_non_null(task->date_created);
    assert_non_null(task->date_updated);
    assert_non_null(strptime(task->date_created, "%Y-%m-%dT%H:%M:%S", &parsed));
    assert_non_null(strptime(task->date_updated, "%Y-%m-%dT%H:%M:%S", &parsed));
}

static void check_done(const dm_task *task)
{
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_null(task->error);
    check_dates(task);
    assert_non_null(task->inference);
    assert_true(task->inference->outputs[0].labels.predicted_count > 0);
    assert_non_null(task->data);
    cJSON *data = cJSON_Parse(task->data);
    assert_true(inference_same_as_json(task->inference, data));
    cJSON_Delete(data);
}

static void check_pending(const dm_task *task)
{
    assert_int_equal(task->status, DM_TASK_PENDING);
    assert_null(task->error);
    check_dates(task);
    assert_null(task->inference);
    assert_null(task->data);
}

static void a_task_is_pending_until_it_is_done(void **state)
{
    const dm_task_id id = submit_photo(&api);
    dm_task *at_once = retrieve(&api, id);
    dm_task *awaited = wait_for(&api, id);
    dm_task *afterwards = retrieve(&api, id);

    (void)state;
    check_pending(at_once);
    check_done(awaited);
    check_done(afterwards);
    assert_string_equal(awaited->data, afterwards->data);
    dm_task_free(at_once);
    dm_task_free(awaited);
    dm_task_free(afterwards);
}

/* A result can be used after its client has been freed. */
static void a_task_outlives_its_client(void **state)
{
    dm_client *client = api_client_new(sandbox_url(fast.sandbox), SANDBOX_KEY);
    const dm_task_id id = submit(client, photo, photo_size);
    dm_task *task = NULL;

    (void)state;
    assert_status(dm_task_wait(client, id, NULL, &task, NULL), DM_OK, NULL);
    dm_client_free(client);
    check_done(task);
    dm_task_free(task);
}

/* ---- Failed tasks ---- */

static const char not_an_image[] = "this is not an image";
static const char its_failure[] = "inputs[0].image.source: the image is neither JPEG nor PNG";

static void a_wait_for_a_task_that_failed_succeeds(void **state)
{
    const dm_task_id id = submit(fast.client, not_an_image, strlen(not_an_image));
    dm_task *awaited = wait_for(&fast, id);
    dm_task *afterwards = retrieve(&fast, id);
    const dm_task *const tasks[] = {awaited, afterwards};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(tasks[i]->status, DM_TASK_ERROR);
        assert_non_null(tasks[i]->error);
        assert_string_equal(tasks[i]->error, its_failure);
        assert_null(tasks[i]->inference);
        assert_null(tasks[i]->data);
        check_dates(tasks[i]);
    }
    dm_task_free(awaited);
    dm_task_free(afterwards);
}

static void an_inference_whose_task_failed_is_a_failure(void **state)
{
    const dm_input input = dm_image_bytes(not_an_image, strlen(not_an_image));
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_error error;

    (void)state;
    assert_status(
        dm_spec_infer(fast.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, &error),
        DM_ERR_TASK_FAILED, &error);
    assert_null(inference);
    assert_status(error.status, DM_ERR_TASK_FAILED, &error);
    assert_string_equal(error.server_message, its_failure);
    assert_non_null(strstr(error.message, its_failure));
    assert_non_null(strstr(error.message, error.task_id.text));
    assert_true(error.attempts >= 2);
    dm_task *task = retrieve(&fast, error.task_id);
    assert_int_equal(task->status, DM_TASK_ERROR);
    dm_task_free(task);
}

/* ---- Time ---- */

static const dm_call_options in_a_hurry = {.timeout_ms = 300};

static void an_inference_that_times_out_gives_the_id_of_its_task(void **state)
{
    const dm_input input = dm_image_bytes(photo, photo_size);
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_error error;

    (void)state;
    assert_status(
        dm_spec_infer(api.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, &in_a_hurry, &inference, &error),
        DM_ERR_TIMEOUT, &error);
    assert_null(inference);
    assert_true(error.task_id.text[0] != '\0');
    assert_non_null(strstr(error.message, error.task_id.text));
    assert_non_null(strstr(error.message, "the wait can be resumed"));
    dm_task *task = wait_for(&api, error.task_id);
    check_done(task);
    dm_task_free(task);
}

static void a_wait_that_timed_out_can_be_resumed(void **state)
{
    const dm_task_id id = submit_photo(&api);
    dm_task *task = (dm_task *)(void *)&api;
    dm_error error;

    (void)state;
    assert_status(dm_task_wait(api.client, id, &in_a_hurry, &task, &error), DM_ERR_TIMEOUT, &error);
    assert_null(task);
    assert_string_equal(error.task_id.text, id.text);
    assert_non_null(strstr(error.message, id.text));
    assert_null(strstr(error.message, "last failure")); /* there was none */
    task = wait_for(&api, error.task_id);
    check_done(task);
    dm_task_free(task);
}

/* The call's own timeout ends it; the client's default of a minute would not have expired. */
static void a_wait_ends_when_its_time_is_up(void **state)
{
    const int64_t before = now_ms();
    const dm_task_id id = submit(slow.client, photo, photo_size);
    dm_task *task = NULL;

    (void)state;
    assert_status(dm_task_wait(slow.client, id, &in_a_hurry, &task, NULL), DM_ERR_TIMEOUT, NULL);
    assert_in_range(now_ms() - before, 300, 2900);
}

static void a_wait_without_a_timeout_ends_with_its_task(void **state)
{
    const dm_call_options no_limit = {.timeout_ms = -1};
    const dm_task_id id = submit_photo(&fast);
    dm_task *task = NULL;

    (void)state;
    assert_status(dm_task_wait(fast.client, id, &no_limit, &task, NULL), DM_OK, NULL);
    check_done(task);
    dm_task_free(task);
}

/* ---- Unknown tasks ---- */

static void check_unknown(dm_status status, const dm_task *task, const dm_error *error, int attempts)
{
    assert_status(status, DM_ERR_NOT_FOUND, error);
    assert_null(task);
    assert_int_equal(error->http_status, 404);
    assert_string_equal(error->server_message, "Not found.");
    assert_string_equal(error->task_id.text, "987654321");
    assert_non_null(strstr(error->message, "/v0.7/tasks/987654321"));
    assert_int_equal(error->attempts, attempts);
}

/* A wait polls a second time, because another server of the service may not know the task yet. */
static void an_unknown_task_is_not_waited_for(void **state)
{
    const dm_task_id id = {"987654321"};
    const size_t mark = sandbox_mark(fast.sandbox);
    dm_task *task = (dm_task *)(void *)&api;
    dm_error error;

    (void)state;
    dm_status status = dm_task_retrieve(fast.client, id, NULL, &task, &error);
    check_unknown(status, task, &error, 1);
    task = (dm_task *)(void *)&api;
    status = dm_task_wait(fast.client, id, NULL, &task, &error);
    check_unknown(status, task, &error, 2);
    assert_int_equal(sandbox_mark(fast.sandbox) - mark, 3);
}

static void a_task_id_made_from_its_text_can_be_waited_for(void **state)
{
    const dm_task_id id = submit_photo(&fast);
    char text[sizeof id.text];
    dm_task_id parsed;

    (void)state;
    snprintf(text, sizeof text, "%s", id.text);
    assert_status(dm_task_id_parse(text, &parsed, NULL), DM_OK, NULL);
    dm_task *task = wait_for(&fast, parsed);
    check_done(task);
    dm_task_free(task);
}

/* ---- The pace ---- */

static size_t polls_of_inference(const struct api_test *test, dm_client *client)
{
    const dm_input input = dm_image_bytes(photo, photo_size);
    const size_t mark = sandbox_mark(test->sandbox);
    dm_inference *inference = NULL;

    assert_status(dm_spec_infer(client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, NULL),
                  DM_OK, NULL);
    dm_inference_free(inference);
    struct request_log *log = api_requests_since(test, mark, "/v0.7/tasks/");
    const size_t count = log->count;
    request_log_free(log);
    return count;
}

static dm_client *client_with(const struct api_test *test, int64_t poll_delay_ms, int64_t max_poll_delay_ms)
{
    const dm_client_options options = {.api_url = sandbox_url(test->sandbox),
                                       .api_key = SANDBOX_KEY,
                                       .poll_delay_ms = poll_delay_ms,
                                       .max_poll_delay_ms = max_poll_delay_ms};
    dm_client *client = NULL;

    assert_status(dm_client_new(&options, &client, NULL), DM_OK, NULL);
    return client;
}

/* Without history, the first poll comes after 30 ms, and each interval is about 15 % longer: about 40 polls in 3 s.
 * After that, the client has learned when to poll. On a busy machine, there are fewer polls, never more. */
static void a_client_learns_when_to_poll(void **state)
{
    dm_client *client = client_with(&slow, 0, 0);

    (void)state;
    assert_in_range(polls_of_inference(&slow, client), 6, 50);
    assert_in_range(polls_of_inference(&slow, client), 1, 8);
    dm_client_free(client);
}

static size_t polls_of_wait(dm_client *client, bool for_all)
{
    const dm_task_id ids[] = {submit(client, photo, photo_size), submit(client, photo, photo_size)};
    const size_t mark = sandbox_mark(api.sandbox);
    dm_tasks *tasks = NULL;
    dm_task *task = NULL;

    if (for_all)
        assert_status(dm_task_wait_all(client, ids, 2, NULL, &tasks, NULL), DM_OK, NULL);
    else
        assert_status(dm_task_wait(client, ids[1], NULL, &task, NULL), DM_OK, NULL);
    dm_tasks_free(tasks);
    dm_task_free(task);
    return sandbox_mark(api.sandbox) - mark;
}

/* Also if the client does not know the tasks' specification. Without history, there are about 30 polls in 1.5 s. */
static void waits_learn_when_to_poll(void **state)
{
    dm_client *client = client_with(&api, 0, 0);

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_in_range(polls_of_wait(client, i == 1), 6, 45);
        assert_in_range(polls_of_wait(client, i == 1), 2, 10);
    }
    dm_client_free(client);
}

/* Polls are 375 to 500 ms apart, so there are three or four in 1.5 s. */
static void poll_delay_ms_sets_the_pace(void **state)
{
    dm_client *client = client_with(&api, 500, 500);

    (void)state;
    assert_in_range(polls_of_inference(&api, client), 2, 5);
    dm_client_free(client);
}

/* Only the later pauses are shortened, by up to a quarter. */
static void the_first_poll_waits_for_its_whole_pause(void **state)
{
    enum { PAUSE_MS = 100 };
    dm_client *client = client_with(&fast, PAUSE_MS, PAUSE_MS);

    (void)state;
    for (int i = 0; i < 8; i++) {
        dm_task *task = NULL;
        const dm_task_id id = submit_photo(&fast);
        const int64_t start = now_ms();
        assert_status(dm_task_wait(client, id, NULL, &task, NULL), DM_OK, NULL);
        assert_true(now_ms() - start >= PAUSE_MS);
        dm_task_free(task);
    }
    dm_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_is_pending_until_it_is_done),
        cmocka_unit_test(a_task_outlives_its_client),
        cmocka_unit_test(a_wait_for_a_task_that_failed_succeeds),
        cmocka_unit_test(an_inference_whose_task_failed_is_a_failure),
        cmocka_unit_test(an_inference_that_times_out_gives_the_id_of_its_task),
        cmocka_unit_test(a_wait_that_timed_out_can_be_resumed),
        cmocka_unit_test(a_wait_ends_when_its_time_is_up),
        cmocka_unit_test(a_wait_without_a_timeout_ends_with_its_task),
        cmocka_unit_test(an_unknown_task_is_not_waited_for),
        cmocka_unit_test(a_task_id_made_from_its_text_can_be_waited_for),
        cmocka_unit_test(a_client_learns_when_to_poll),
        cmocka_unit_test(waits_learn_when_to_poll),
        cmocka_unit_test(poll_delay_ms_sets_the_pace),
        cmocka_unit_test(the_first_poll_waits_for_its_whole_pause),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

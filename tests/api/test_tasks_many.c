/* Many tasks at a time: listed and awaited together, each result in the order of the ids. */
#include "assert_status.h"
#include "clock_ms.h"
#include "sent_requests.h"
#include "tiny_png.h"

#include "test.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_IDS = 100, SUBMITTERS = 4 };

/* ---- Tasks to ask for ---- */

/* Tells which picture is submitted as the i-th one: a red one or a blue one, in no simple order. */
static bool is_red(size_t i)
{
    return i * 7 % 3 == 0;
}

struct pictures {
    unsigned char *bytes[2]; /* blue, red */
    size_t sizes[2];
};

static struct pictures pictures_new(void)
{
    static const char *const blue[] = {"bb", NULL};
    static const char *const red[] = {"rr", NULL};
    struct pictures pictures;

    pictures.bytes[0] = tiny_png(blue, &pictures.sizes[0]);
    pictures.bytes[1] = tiny_png(red, &pictures.sizes[1]);
    assert_non_null(pictures.bytes[0]);
    assert_non_null(pictures.bytes[1]);
    return pictures;
}

static void pictures_free(struct pictures *pictures)
{
    free(pictures->bytes[0]);
    free(pictures->bytes[1]);
}

/* One thread's share of the submissions: each SUBMITTERS-th from `first` on. */
struct share {
    dm_client *client;
    const struct pictures *pictures;
    dm_task_id *ids;
    size_t first;
    size_t count; /* of all of them */
    dm_error error;
};

static void *submit_share(void *argument)
{
    struct share *share = argument;
    dm_status status = DM_OK;

    for (size_t i = share->first; i < share->count && status == DM_OK; i += SUBMITTERS) {
        const size_t picture = is_red(i) ? 1 : 0;
        const dm_input input = dm_image_bytes(share->pictures->bytes[picture], share->pictures->sizes[picture]);
        status = dm_spec_submit(share->client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &share->ids[i],
                                &share->error);
    }
    return NULL;
}

static dm_task_id *new_ids(size_t count)
{
    dm_task_id *ids = calloc(count, sizeof *ids);

    assert_non_null(ids);
    return ids;
}

/* Submits so many pictures from several threads, to be quick. The caller frees their ids. */
static dm_task_id *submit(struct api_test *test, size_t count)
{
    struct pictures pictures = pictures_new();
    struct share shares[SUBMITTERS];
    pthread_t threads[SUBMITTERS];
    dm_task_id *ids = new_ids(count);

    for (size_t i = 0; i < SUBMITTERS; i++) {
        shares[i] =
            (struct share){.client = test->client, .pictures = &pictures, .ids = ids, .first = i, .count = count};
        assert_int_equal(pthread_create(&threads[i], NULL, submit_share, &shares[i]), 0);
    }
    for (size_t i = 0; i < SUBMITTERS; i++) {
        pthread_join(threads[i], NULL);
        assert_status(shares[i].error.status, DM_OK, &shares[i].error);
    }
    pictures_free(&pictures);
    return ids;
}

/* A task that was done at once, and has no data: the one that made a specification. */
static dm_task_id done_task(struct api_test *test)
{
    static const dm_label label = {1, "red"};
    static const dm_output output = {{.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, "quick", &output, 1, NULL, NULL, &spec, &test->error));
    assert_non_null(spec->task_id);
    const dm_task_id id = *spec->task_id;
    dm_spec_free(spec);
    return id;
}

static dm_task_id submit_bytes(struct api_test *test, const char *bytes)
{
    const dm_input input = dm_image_bytes(bytes, strlen(bytes));
    dm_task_id id;

    assert_ok(test,
              dm_spec_submit(test->client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &id, &test->error));
    return id;
}

static dm_task_id numbered(size_t number)
{
    dm_task_id id;

    snprintf(id.text, sizeof id.text, "%zu", number);
    return id;
}

/* Ids that no sandbox has given out. */
static dm_task_id *unknown_ids(size_t count)
{
    dm_task_id *ids = new_ids(count);

    for (size_t i = 0; i < count; i++)
        ids[i] = numbered(1000000 + i);
    return ids;
}

/* ---- What comes back ---- */

static dm_tasks *list(struct api_test *test, const dm_task_id *ids, size_t count)
{
    dm_tasks *tasks = NULL;

    assert_ok(test, dm_task_list(test->client, ids, count, NULL, &tasks, &test->error));
    assert_int_equal(tasks->task_count, count);
    return tasks;
}

/* Waits for all of them, which must not take the time to its end. */
static dm_tasks *wait_all(struct api_test *test, const dm_task_id *ids, size_t count)
{
    static const dm_call_options call = {.timeout_ms = 20000};
    const long long began = now_ms();
    dm_tasks *tasks = NULL;

    assert_ok(test, dm_task_wait_all(test->client, ids, count, &call, &tasks, &test->error));
    assert_true(now_ms() - began < 19000);
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    return tasks;
}

static void assert_picture(const dm_task *task, const dm_task_id *id, const char *colour)
{
    assert_string_equal(task->id.text, id->text);
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_null(task->error);
    assert_non_null(task->date_created);
    assert_non_null(task->date_updated);
    assert_non_null(task->inference);
    assert_int_equal(task->inference->output_count, 1);
    assert_int_equal(task->inference->outputs[0].labels.predicted_count, 1);
    assert_string_equal(task->inference->outputs[0].labels.predicted[0].label_name, colour);
    assert_non_null(strstr(task->data, colour));
}

/* Each task stands where its id stood, with what its own picture shows. */
static void assert_pictures(const dm_tasks *tasks, const dm_task_id *ids, size_t count)
{
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    for (size_t i = 0; i < count; i++)
        assert_picture(&tasks->tasks[i], &ids[i], is_red(i) ? "red" : "blue");
}

static void assert_without_data(const dm_task *task, const dm_task_id *id, dm_task_status status)
{
    assert_string_equal(task->id.text, id->text);
    assert_int_equal(task->status, status);
    assert_null(task->inference);
    assert_null(task->data);
}

/* ---- The requests ---- */

/* The requests for tasks since the mark. Each asks for so few ids that it is understood. */
static size_t count_questions(const struct api_test *test, size_t mark)
{
    struct request_log *log = sent_since(test, mark);
    size_t count = 0;

    for (size_t i = 0; i < log->count; i++) {
        assert_string_equal(log_text(log->items[i], "path"), "/v0.7/tasks");
        assert_in_range(log_count_arguments(log->items[i], "task_ids"), 1, MAX_IDS);
        count++;
    }
    request_log_free(log);
    return count;
}

static void assert_ids_in_question(const struct api_test *test, size_t mark, size_t index, size_t count)
{
    struct request_log *log = sent_since(test, mark);

    assert_true(index < log->count);
    assert_int_equal(log_count_arguments(log->items[index], "task_ids"), count);
    assert_int_equal(log_count_arguments(log->items[index], "limit"), 1);
    request_log_free(log);
}

static void a_question_is_as_the_api_wants_it(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/tasks", "task_ids=1&task_ids=2&task_ids=3&limit=100",
                                                     NULL, 200};
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 3);
    const dm_task_id in_order[] = {numbered(1), numbered(2), numbered(3)};

    const size_t mark = sent_mark(test);
    dm_tasks_free(list(test, in_order, 3));
    assert_sent(test, mark, &expected, 1);
    free(ids);
}

static void assert_questions_for(struct api_test *test, size_t id_count, size_t questions, size_t ids_in_last)
{
    dm_task_id *ids = unknown_ids(id_count);
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, id_count);

    assert_int_equal(count_questions(test, mark), questions);
    assert_ids_in_question(test, mark, questions - 1, ids_in_last);
    for (size_t i = 0; i < id_count; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], DM_TASK_MISSING);
    dm_tasks_free(tasks);
    free(ids);
}

static void a_list_takes_one_request_for_each_hundred_ids(void **state)
{
    assert_questions_for(*state, 1, 1, 1);
    assert_questions_for(*state, 99, 1, 99);
    assert_questions_for(*state, 100, 1, 100);
    assert_questions_for(*state, 101, 2, 1);
    assert_questions_for(*state, 200, 2, 100);
    assert_questions_for(*state, 201, 3, 1);
    assert_questions_for(*state, 1000, 10, 100);
}

/* ---- A thousand ---- */

static void a_thousand_tasks_come_back_in_the_order_of_their_ids(void **state)
{
    enum { COUNT = 1000 };
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, COUNT);
    dm_tasks *waited = wait_all(test, ids, COUNT);
    dm_tasks *listed = list(test, ids, COUNT);

    assert_pictures(waited, ids, COUNT);
    assert_pictures(listed, ids, COUNT);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(ids);
}

/* The number of requests that a wait for so many tasks takes, with nearly constant intervals. */
static size_t questions_to_wait_for(struct api_test *test, size_t count)
{
    dm_client *steady = api_client_with(test, (dm_client_options){.poll_delay_ms = 50, .max_poll_delay_ms = 100});
    dm_task_id *ids = submit(test, count);
    dm_tasks *tasks = NULL;

    const size_t mark = sent_mark(test);
    assert_ok(test, dm_task_wait_all(steady, ids, count, NULL, &tasks, &test->error));
    const size_t questions = count_questions(test, mark);
    assert_pictures(tasks, ids, count);
    dm_tasks_free(tasks);
    free(ids);
    dm_client_free(steady);
    return questions;
}

static void a_thousand_tasks_take_at_most_ten_times_the_questions_of_a_hundred(void **state)
{
    struct api_test *test = *state;
    const size_t for_hundred = questions_to_wait_for(test, 100);
    const size_t for_thousand = questions_to_wait_for(test, 1000);

    print_message("%zu questions for 100 tasks, %zu for 1000\n", for_hundred, for_thousand);
    assert_in_range(for_thousand, 10, 10 * for_hundred);
}

/* Finished tasks are not requested again: the poll of each round has fewer ids. */
static void only_pending_tasks_are_asked_for_again(void **state)
{
    struct api_test *test = *state;
    dm_task_id ids[] = {done_task(test), done_task(test), submit_bytes(test, "no image")};

    const size_t mark = sent_mark(test);
    dm_tasks_free(wait_all(test, ids, 3));
    assert_true(sent_mark(test) - mark >= 2);
    assert_ids_in_question(test, mark, 0, 3);
    assert_ids_in_question(test, mark, 1, 1);
}

/* ---- Small pages ---- */

static void with_small_pages_every_task_is_still_found(void **state)
{
    enum { COUNT = 1000 };
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, COUNT);
    dm_tasks *waited = wait_all(test, ids, COUNT);
    const size_t mark = sent_mark(test);
    dm_tasks *listed = list(test, ids, COUNT);

    assert_pictures(waited, ids, COUNT);
    assert_pictures(listed, ids, COUNT);
    /* 100 ids are 15 pages of 7. */
    assert_int_equal(count_questions(test, mark), 10 * 15);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(ids);
}

static void small_pages_are_followed_with_their_ids(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/tasks",
         "task_ids=1&task_ids=2&task_ids=3&task_ids=4&task_ids=5&task_ids=6&task_ids=7&task_ids=8&limit=100", NULL,
         200},
        {"GET", "/v0.7/tasks",
         "task_ids=1&task_ids=2&task_ids=3&task_ids=4&task_ids=5&task_ids=6&task_ids=7&task_ids=8&limit=7&offset=7",
         NULL, 200},
    };
    struct api_test *test = *state;
    dm_task_id ids[8];

    for (size_t i = 0; i < 8; i++)
        ids[i] = done_task(test);
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, 8);
    for (size_t i = 0; i < 8; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], DM_TASK_SUCCESS);
    assert_sent(test, mark, expected, 2);
    dm_tasks_free(tasks);
}

/* ---- Tasks that are not like the others ---- */

static void assert_failed(const dm_task *task, const dm_task_id *id)
{
    assert_without_data(task, id, DM_TASK_ERROR);
    assert_non_null(task->error);
    assert_non_null(strstr(task->error, "inputs[0].image.source"));
}

static void a_failed_task_is_data_in_its_place(void **state)
{
    struct api_test *test = *state;
    dm_task_id *good = submit(test, 2);
    const dm_task_id ids[] = {good[0], submit_bytes(test, "no image"), good[1]};
    dm_tasks *waited = wait_all(test, ids, 3);
    dm_tasks *listed = list(test, ids, 3);

    assert_picture(&waited->tasks[0], &ids[0], "red");
    assert_failed(&waited->tasks[1], &ids[1]);
    assert_picture(&waited->tasks[2], &ids[2], "blue");
    assert_failed(&listed->tasks[1], &ids[1]);
    assert_status(test->error.status, DM_OK, &test->error);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(good);
}

static void one_failed_task_is_data_too(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = submit_bytes(test, "no image");
    dm_task *task = NULL;

    assert_ok(test, dm_task_wait(test->client, id, NULL, &task, &test->error));
    assert_failed(task, &id);
    dm_task_free(task);
}

static void repeated_ids_are_answered_each_and_asked_for_once(void **state)
{
    struct api_test *test = *state;
    dm_task_id *two = submit(test, 2);
    const dm_task_id ids[] = {two[1], two[0], two[1], two[1]};
    dm_tasks *waited = wait_all(test, ids, 4);
    const size_t mark = sent_mark(test);
    dm_tasks *listed = list(test, ids, 4);

    for (size_t i = 0; i < 4; i++) {
        assert_picture(&waited->tasks[i], &ids[i], i == 1 ? "red" : "blue");
        assert_picture(&listed->tasks[i], &ids[i], i == 1 ? "red" : "blue");
    }
    assert_int_equal(count_questions(test, mark), 1);
    assert_ids_in_question(test, mark, 0, 2);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(two);
}

static void a_hundred_times_the_same_id_and_one_more_fit_one_question(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = done_task(test);
    dm_task_id ids[MAX_IDS + 1];

    for (size_t i = 0; i <= MAX_IDS; i++)
        ids[i] = id;
    const size_t mark = sent_mark(test);
    dm_tasks *tasks = list(test, ids, MAX_IDS + 1);
    for (size_t i = 0; i <= MAX_IDS; i++)
        assert_without_data(&tasks->tasks[i], &id, DM_TASK_SUCCESS);
    assert_int_equal(count_questions(test, mark), 1);
    dm_tasks_free(tasks);
}

static void an_unknown_id_is_missing_in_its_place(void **state)
{
    struct api_test *test = *state;
    dm_task_id *good = submit(test, 1);
    const dm_task_id ids[] = {numbered(4711), good[0], numbered(4712), numbered(4711)};
    dm_tasks *waited = wait_all(test, ids, 4);
    dm_tasks *listed = list(test, ids, 4);

    assert_without_data(&waited->tasks[0], &ids[0], DM_TASK_MISSING);
    assert_picture(&waited->tasks[1], &ids[1], "red");
    assert_without_data(&waited->tasks[2], &ids[2], DM_TASK_MISSING);
    assert_without_data(&waited->tasks[3], &ids[3], DM_TASK_MISSING);
    assert_without_data(&listed->tasks[0], &ids[0], DM_TASK_MISSING);
    assert_picture(&listed->tasks[1], &ids[1], "red");
    assert_null(listed->tasks[0].date_created);
    assert_null(listed->tasks[0].error);
    dm_tasks_free(waited);
    dm_tasks_free(listed);
    free(good);
}

/* A new task may not yet be known to every server, so a wait requests it a second time; a list does not. */
static void a_wait_asks_twice_before_an_id_is_missing(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = numbered(4711);

    dm_tasks_free(wait_all(test, &id, 1));
    assert_int_equal(count_questions(test, 0), 2);
    dm_tasks_free(list(test, &id, 1));
    assert_int_equal(count_questions(test, 0), 3);
}

static void one_unknown_task_is_not_found(void **state)
{
    struct api_test *test = *state;
    const dm_task_id id = numbered(4711);
    dm_task *task = NULL;

    assert_status(dm_task_retrieve(test->client, id, NULL, &task, &test->error), DM_ERR_NOT_FOUND, &test->error);
    assert_string_equal(test->error.task_id.text, "4711");
    assert_status(dm_task_wait(test->client, id, NULL, &task, &test->error), DM_ERR_NOT_FOUND, &test->error);
    assert_string_equal(test->error.task_id.text, "4711");
    assert_int_equal(test->error.http_status, 404);
    assert_null(task);
}

static void a_task_may_have_no_data(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/tasks/1", "", NULL, 200};
    struct api_test *test = *state;
    const dm_task_id id = done_task(test);
    dm_task *retrieved = NULL;
    dm_task *waited = NULL;

    const size_t mark = sent_mark(test);
    assert_ok(test, dm_task_retrieve(test->client, id, NULL, &retrieved, &test->error));
    assert_sent(test, mark, &expected, 1);
    assert_ok(test, dm_task_wait(test->client, id, NULL, &waited, &test->error));
    dm_tasks *all = wait_all(test, &id, 1);
    assert_without_data(retrieved, &id, DM_TASK_SUCCESS);
    assert_without_data(waited, &id, DM_TASK_SUCCESS);
    assert_without_data(&all->tasks[0], &id, DM_TASK_SUCCESS);
    dm_task_free(retrieved);
    dm_task_free(waited);
    dm_tasks_free(all);
}

/* ---- Time ---- */

static void a_pending_task_says_so(void **state)
{
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 1);
    dm_task *task = NULL;

    assert_ok(test, dm_task_retrieve(test->client, ids[0], NULL, &task, &test->error));
    assert_without_data(task, &ids[0], DM_TASK_PENDING);
    assert_null(task->error);
    dm_tasks *tasks = list(test, ids, 1);
    assert_without_data(&tasks->tasks[0], &ids[0], DM_TASK_PENDING);
    assert_non_null(tasks->tasks[0].date_created);
    assert_int_equal(tasks->pending_count, 1);
    dm_task_free(task);
    dm_tasks_free(tasks);
    free(ids);
}

static void when_the_time_is_up_the_finished_tasks_are_there(void **state)
{
    static const dm_call_options call = {.timeout_ms = 400};
    struct api_test *test = *state;
    dm_task_id *slow = submit(test, 2);
    const dm_task_id ids[] = {slow[0], done_task(test), slow[1], done_task(test), slow[0]};
    dm_tasks *tasks = NULL;

    const long long began = now_ms();
    assert_ok(test, dm_task_wait_all(test->client, ids, 5, &call, &tasks, &test->error));
    const long long took = now_ms() - began;
    assert_true(took >= 390 && took < 5000);
    assert_int_equal(tasks->task_count, 5);
    assert_int_equal(tasks->pending_count, 3);
    for (size_t i = 0; i < 5; i++)
        assert_without_data(&tasks->tasks[i], &ids[i], i % 2 == 1 ? DM_TASK_SUCCESS : DM_TASK_PENDING);
    dm_tasks_free(tasks);
    free(slow);
}

static void the_clients_own_time_for_waiting_counts_too(void **state)
{
    struct api_test *test = *state;
    dm_client *hasty = api_client_with(test, (dm_client_options){.wait_all_timeout_ms = 300});
    dm_task_id *ids = submit(test, 1);
    dm_tasks *tasks = NULL;

    const long long began = now_ms();
    assert_ok(test, dm_task_wait_all(hasty, ids, 1, NULL, &tasks, &test->error));
    assert_true(now_ms() - began < 5000);
    assert_int_equal(tasks->pending_count, 1);
    dm_tasks_free(tasks);
    dm_client_free(hasty);
    free(ids);
}

static void one_task_that_is_not_done_in_time_keeps_its_id(void **state)
{
    static const dm_call_options call = {.timeout_ms = 300};
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 1);
    dm_task *task = NULL;

    assert_status(dm_task_wait(test->client, ids[0], &call, &task, &test->error), DM_ERR_TIMEOUT, &test->error);
    assert_null(task);
    assert_string_equal(test->error.task_id.text, ids[0].text);
    free(ids);
}

static void *fire_later(void *cancel)
{
    sleep_ms(200);
    dm_cancel_fire(cancel);
    return NULL;
}

static void a_wait_for_many_can_be_cancelled(void **state)
{
    struct api_test *test = *state;
    dm_task_id *ids = submit(test, 3);
    dm_tasks *tasks = NULL;
    dm_call_options call = {0};
    pthread_t thread;

    assert_ok(test, dm_cancel_new(&call.cancel, &test->error));
    assert_int_equal(pthread_create(&thread, NULL, fire_later, call.cancel), 0);
    const long long began = now_ms();
    assert_status(dm_task_wait_all(test->client, ids, 3, &call, &tasks, &test->error), DM_ERR_CANCELLED, &test->error);
    assert_true(now_ms() - began < 5000);
    assert_null(tasks);
    pthread_join(thread, NULL);
    dm_cancel_free(call.cancel);
    free(ids);
}

/* ---- Nothing to ask for, and nothing that can be asked for ---- */

static void no_ids_are_no_tasks(void **state)
{
    struct api_test *test = *state;

    dm_tasks *listed = list(test, NULL, 0);
    dm_tasks *waited = wait_all(test, NULL, 0);
    assert_int_equal(listed->pending_count, 0);
    assert_nothing_sent(test, 0);
    dm_tasks_free(listed);
    dm_tasks_free(waited);
    dm_tasks_free(NULL);
}

static void assert_ids_refused(struct api_test *test, const dm_task_id *ids, size_t count)
{
    dm_tasks before;
    dm_tasks *tasks = &before;

    assert_status(dm_task_list(test->client, ids, count, NULL, &tasks, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(tasks);
    tasks = &before;
    assert_status(dm_task_wait_all(test->client, ids, count, NULL, &tasks, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(tasks);
}

static void a_wrong_id_is_named_and_nothing_is_sent(void **state)
{
    struct api_test *test = *state;
    dm_task_id ids[] = {{"1"}, {"2"}, {""}};
    dm_task_id endless;

    assert_ids_refused(test, NULL, 1);
    assert_ids_refused(test, ids, 3);
    assert_non_null(strstr(test->error.message, "ids[2]"));
    ids[2] = (dm_task_id){"../accounts/me"};
    assert_ids_refused(test, ids, 3);
    memset(endless.text, 'a', sizeof endless.text);
    assert_ids_refused(test, &endless, 1);
    assert_nothing_sent(test, 0);
}

static void an_id_is_made_from_its_text(void **state)
{
    static const char *const wrong[] = {"", "a b", "a/b", "a.b", "\xc3\xa9", "a\n", "?", NULL};
    char longest[65];
    dm_task_id id;
    dm_error error;

    (void)state;
    memset(longest, 'x', 63);
    longest[63] = '\0';
    assert_status(dm_task_id_parse("aZ_0-9", &id, &error), DM_OK, &error);
    assert_string_equal(id.text, "aZ_0-9");
    assert_status(dm_task_id_parse(longest, &id, &error), DM_OK, &error);
    assert_string_equal(id.text, longest);
    memset(longest, 'x', 64);
    longest[64] = '\0';
    assert_status(dm_task_id_parse(longest, &id, &error), DM_ERR_INVALID_ARGUMENT, &error);
    assert_string_equal(id.text, "");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_status(dm_task_id_parse(wrong[i], &id, &error), DM_ERR_INVALID_ARGUMENT, &error);
}

int main(void)
{
    static const char *const quick[] = {"--task-delay-ms", "150", NULL};
    static const char *const steady[] = {"--task-delay-ms", "2000", NULL};
    static const char *const small_pages[] = {"--task-delay-ms", "0", "--page-limit", "7", NULL};
    static const char *const slow[] = {"--task-delay-ms", "3600000", NULL};
    const struct CMUnitTest tests[] = {
        API_TEST(a_question_is_as_the_api_wants_it, quick),
        API_TEST(a_list_takes_one_request_for_each_hundred_ids, quick),
        API_TEST(a_thousand_tasks_come_back_in_the_order_of_their_ids, quick),
        API_TEST(a_thousand_tasks_take_at_most_ten_times_the_questions_of_a_hundred, steady),
        API_TEST(only_pending_tasks_are_asked_for_again, quick),
        API_TEST(with_small_pages_every_task_is_still_found, small_pages),
        API_TEST(small_pages_are_followed_with_their_ids, small_pages),
        API_TEST(a_failed_task_is_data_in_its_place, quick),
        API_TEST(one_failed_task_is_data_too, quick),
        API_TEST(repeated_ids_are_answered_each_and_asked_for_once, quick),
        API_TEST(a_hundred_times_the_same_id_and_one_more_fit_one_question, quick),
        API_TEST(an_unknown_id_is_missing_in_its_place, quick),
        API_TEST(a_wait_asks_twice_before_an_id_is_missing, quick),
        API_TEST(one_unknown_task_is_not_found, quick),
        API_TEST(a_task_may_have_no_data, quick),
        API_TEST(a_pending_task_says_so, slow),
        API_TEST(when_the_time_is_up_the_finished_tasks_are_there, slow),
        API_TEST(the_clients_own_time_for_waiting_counts_too, slow),
        API_TEST(one_task_that_is_not_done_in_time_keeps_its_id, slow),
        API_TEST(a_wait_for_many_can_be_cancelled, slow),
        API_TEST(no_ids_are_no_tasks, quick),
        API_TEST(a_wrong_id_is_named_and_nothing_is_sent, quick),
        cmocka_unit_test(an_id_is_made_from_its_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

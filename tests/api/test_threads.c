/*
 * Sixteen threads share one client and make random calls, while other threads cancel calls at random moments. Every
 * call ends with the right result, or with DM_ERR_CANCELLED if it was cancelled; and the sandbox's data agree.
 */
#include "assert_status.h"
#include "base64_text.h"
#include "inference_same.h"
#include "random_calls.h"
#include "temp_files.h"
#include "test.h"
#include "threads_test.h"
#include "tiny_png.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CANCELLERS = 2,
    LARGE_FILE_SIZE = 3 * 1024 * 1024 /* more than socket buffers hold: a cancel can come in the middle */
};

/* ---- The setup ---- */

static void make_files(struct image *image, const char *folder, int number)
{
    char name[NAME_SIZE];

    snprintf(name, sizeof name, "%d.png", number);
    image->path = temp_path(folder, name);
    snprintf(name, sizeof name, "%d-large.png", number);
    image->large_path = temp_path(folder, name);
    assert_true(write_file(image->path, image->bytes, image->size));
    assert_true(write_file_of_size(image->large_path, LARGE_FILE_SIZE, image->bytes, image->size));
}

static void make_image(struct fixture *fixture, int number)
{
    static const char *const pictures[IMAGES][5] = {
        {"rrrr", "rrrr", "wwww", "wwww", NULL},
        {"gggg", "gggg", "gggg", "gggg", NULL},
        {"bbww", "bbww", "bbww", "bbww", NULL},
        {"wwww", "wwrr", "wwrr", "wwww", NULL},
    };
    struct image *image = &fixture->images[number];
    dm_error error;

    image->bytes = tiny_png(pictures[number], &image->size);
    image->base64 = base64_text(image->bytes, image->size, BASE64_WRAPPED);
    make_files(image, fixture->folder, number);
    const dm_input input = dm_image_bytes(image->bytes, image->size);
    assert_status(dm_spec_infer(fixture->logged.test.client, dm_public_spec(spec_name), &input, 1, NULL, NULL,
                                &image->expected, &error),
                  DM_OK, &error);
    /* Otherwise the result of one thread could be taken for another's. */
    assert_false(number > 0 && inference_same(image->expected, fixture->images[number - 1].expected));
}

static void make_images(struct fixture *fixture)
{
    fixture->folder = temp_folder_new();
    assert_non_null(fixture->folder);
    for (int i = 0; i < IMAGES; i++)
        make_image(fixture, i);
}

static void end_fixture(struct fixture *fixture)
{
    for (size_t i = 0; i < IMAGES; i++) {
        free(fixture->images[i].bytes);
        free(fixture->images[i].base64);
        free(fixture->images[i].path);
        free(fixture->images[i].large_path);
        dm_inference_free(fixture->images[i].expected);
    }
    temp_folder_remove(fixture->folder);
    end_logged_client(&fixture->logged);
}

static void make_worker(struct worker *worker, struct fixture *fixture, int number)
{
    char name[NAME_SIZE];
    dm_error error;

    *worker = (struct worker){.fixture = fixture, .number = number, .random = (unsigned)number + 1};
    pthread_mutex_init(&worker->target.mutex, NULL);
    snprintf(name, sizeof name, "of thread %d", number);
    assert_status(create(fixture->logged.test.client, name, NULL, &worker->own, &error), DM_OK, &error);
}

static void free_worker(struct worker *worker)
{
    dm_error error;

    assert_status(dm_spec_delete(worker->fixture->logged.test.client, worker->own->id, NULL, &error), DM_OK, &error);
    dm_spec_free(worker->own);
    pthread_mutex_destroy(&worker->target.mutex);
}

/* ---- What the sandbox contains at the end ---- */

static size_t count_named(struct fixture *fixture, const char *name)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    dm_error error;
    size_t count = 0;
    dm_status status = dm_spec_iter_new(fixture->logged.test.client, DM_VISIBILITY_PRIVATE, NULL, &iter, &error);

    assert_status(status, DM_OK, &error);
    while ((status = dm_spec_iter_next(iter, NULL, &spec, &error)) == DM_OK)
        count += strcmp(spec->name, name) == 0;
    assert_status(status, DM_DONE, &error);
    dm_spec_iter_free(iter);
    return count;
}

static size_t count_private_specs(struct fixture *fixture)
{
    dm_spec_page *page = NULL;
    dm_error error;

    assert_status(dm_spec_list(fixture->logged.test.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &error), DM_OK,
                  &error);
    const size_t count = (size_t)page->count;
    dm_spec_page_free(page);
    return count;
}

/* The number of a worker's specifications that still exist. Each of them must be allowed to exist. */
static size_t check_traces(const struct worker *worker)
{
    char name[NAME_SIZE];
    size_t left = 0;

    for (int round = 0; round < rounds(); round++) {
        if (worker->traces[round] == TRACE_NONE)
            continue;
        write_name(name, worker->number, round);
        const size_t count = count_named(worker->fixture, name);
        if (count > 1 || (count == 0 && worker->traces[round] == TRACE_SURE))
            fail_msg("the sandbox has %zu specifications \"%s\"", count, name);
        left += count;
    }
    return left;
}

/* ---- Tests ---- */

static void run_workers(struct fixture *fixture, struct worker *workers, struct canceller *cancellers)
{
    pthread_t working[WORKERS];
    pthread_t cancelling[CANCELLERS];

    for (int i = 0; i < WORKERS; i++)
        assert_int_equal(pthread_create(&working[i], NULL, work, &workers[i]), 0);
    for (int i = 0; i < CANCELLERS; i++) {
        cancellers[i] = (struct canceller){.workers = workers, .random = 1000 + (unsigned)i};
        assert_int_equal(pthread_create(&cancelling[i], NULL, cancel_at_random, &cancellers[i]), 0);
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(working[i], NULL);
    atomic_store(&fixture->workers_done, true);
    for (int i = 0; i < CANCELLERS; i++)
        pthread_join(cancelling[i], NULL);
}

static void every_result_is_accounted_for(void **state)
{
    static struct fixture fixture;
    static struct worker workers[WORKERS];
    struct canceller cancellers[CANCELLERS];
    size_t right = 0;
    size_t cancelled = 0;
    size_t left = 0;

    (void)state;
    start_logged_client(&fixture.logged, "5");
    make_images(&fixture);
    for (int i = 0; i < WORKERS; i++)
        make_worker(&workers[i], &fixture, i);
    run_workers(&fixture, workers, cancellers);
    for (int i = 0; i < WORKERS; i++) {
        if (workers[i].complaint[0] != '\0')
            fail_msg("%s", workers[i].complaint);
        right += workers[i].right;
        cancelled += workers[i].cancelled;
        left += check_traces(&workers[i]);
    }
    print_message("%zu right, %zu cancelled, %zu left behind by a cancelled create or delete, %zu lines of log\n",
                  right, cancelled, left, atomic_load(&fixture.logged.log_lines));
    assert_true(right > 0 && cancelled > 0);
    assert_true(cancelled <= cancellers[0].fired + cancellers[1].fired);
    assert_true(atomic_load(&fixture.logged.log_lines) > right / 2); /* most of the calls send one request at least */
    assert_int_equal(count_private_specs(&fixture), left + WORKERS);
    for (int i = 0; i < WORKERS; i++)
        free_worker(&workers[i]);
    end_fixture(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_is_accounted_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Sixteen threads wait for their tasks with one client. One cancel ends all their calls. */
#include "clock_ms.h"
#include "test.h"
#include "threads_test.h"

#include <pthread.h>

struct waiter {
    struct logged_client *logged;
    dm_cancel *cancel;
    dm_task_id id;
    dm_error error;
};

static void *wait_for_long(void *data)
{
    struct waiter *waiter = data;
    const dm_call_options call = {.cancel = waiter->cancel};
    dm_task *task = NULL;

    (void)!dm_task_wait(waiter->logged->client, waiter->id, &call, &task, &waiter->error);
    dm_task_free(task);
    return NULL;
}

static dm_task_id submit_rubbish(struct logged_client *logged)
{
    const dm_input input = dm_image_bytes("no image", 8);
    dm_task_id id;
    dm_error error;

    assert_status(dm_spec_submit(logged->client, dm_public_spec(spec_name), &input, 1, NULL, NULL, &id, &error), DM_OK,
                  &error);
    return id;
}

static void one_cancel_ends_the_calls_of_all_threads(void **state)
{
    enum { SOON_MS = 10000 }; /* far less than the call's timeout of 120 s */
    static struct logged_client logged;
    struct waiter waiters[WORKERS];
    pthread_t threads[WORKERS];
    dm_cancel *cancel = NULL;
    dm_error error;

    (void)state;
    start_logged_client(&logged, "600000");
    assert_status(dm_cancel_new(&cancel, &error), DM_OK, &error);
    for (int i = 0; i < WORKERS; i++) {
        waiters[i] = (struct waiter){.logged = &logged, .cancel = cancel, .id = submit_rubbish(&logged)};
        assert_int_equal(pthread_create(&threads[i], NULL, wait_for_long, &waiters[i]), 0);
    }
    while (atomic_load(&logged.log_lines) < 4 * (size_t)WORKERS) /* until they are running */
        sleep_ms(1);
    const long long start = now_ms();
    dm_cancel_fire(cancel);
    for (int i = 0; i < WORKERS; i++) {
        pthread_join(threads[i], NULL);
        assert_status(waiters[i].error.status, DM_ERR_CANCELLED, &waiters[i].error);
        assert_string_equal(waiters[i].error.task_id.text, waiters[i].id.text);
    }
    assert_true(now_ms() - start < SOON_MS);
    dm_cancel_free(cancel);
    end_logged_client(&logged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cancel_ends_the_calls_of_all_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

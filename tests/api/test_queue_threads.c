/* Several queues at the same time, queues and blocking calls, and the application's signals. */
#include "api_test.h"
#include "array.h"
#include "queue_test.h"
#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

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

/* All other threads block the signal, so a signal to the process must be delivered to this one. */
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
        API_TEST(queues_and_blocking_calls_share_a_client, quick_tasks),
        API_TEST(signals_are_not_delivered_to_the_queues_thread, quick_tasks),
    };
    return cmocka_run_group_tests(tests, make_pictures, free_pictures);
}

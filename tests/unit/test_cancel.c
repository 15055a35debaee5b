#include "base/cancel.h"
#include "base/clock.h"

#include "open_descriptors.h"
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

static dm_cancel *at_hand; /* the token that the signal handler fires */

static dm_cancel *make(void)
{
    dm_cancel *cancel = NULL;
    assert_int_equal(dm_cancel_new(&cancel, NULL), DM_OK);
    assert_non_null(cancel);
    return cancel;
}

static bool is_readable(const dm_cancel *cancel)
{
    struct pollfd look = {.fd = cancel_descriptor(cancel), .events = POLLIN};
    return poll(&look, 1, 0) == 1 && (look.revents & POLLIN) != 0;
}

static void fire_at_hand(int signal_number)
{
    (void)signal_number;
    dm_cancel_fire(at_hand);
}

static void *fire_from_a_thread(void *cancel)
{
    dm_cancel_fire(cancel);
    return NULL;
}

static void a_new_token_is_not_fired(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    assert_false(cancel_fired(cancel));
    assert_false(is_readable(cancel));
    dm_cancel_free(cancel);
}

static void a_fired_token_stays_fired_and_readable(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    for (int i = 0; i < 1000; i++) {
        dm_cancel_fire(cancel);
        assert_true(cancel_fired(cancel));
        assert_true(is_readable(cancel));
    }
    assert_true(is_readable(cancel));
    dm_cancel_free(cancel);
}

static void a_signal_handler_may_fire(void **state)
{
    struct sigaction action = {.sa_handler = fire_at_hand};
    struct sigaction previous;
    (void)state;
    at_hand = make();
    assert_int_equal(sigaction(SIGUSR1, &action, &previous), 0);
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(sigaction(SIGUSR1, &previous, NULL), 0);
    assert_true(cancel_fired(at_hand));
    assert_true(is_readable(at_hand));
    dm_cancel_free(at_hand);
}

static void another_thread_may_fire(void **state)
{
    pthread_t thread;
    (void)state;
    dm_cancel *cancel = make();
    assert_int_equal(pthread_create(&thread, NULL, fire_from_a_thread, cancel), 0);
    struct pollfd wait = {.fd = cancel_descriptor(cancel), .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 30000), 1);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(cancel_fired(cancel));
    dm_cancel_free(cancel);
}

/* Fills the counter of the eventfd, or the pipe on systems without eventfd. */
static void fill(dm_cancel *cancel)
{
    enum { MORE_THAN_A_PIPE_HOLDS = 200000 };
    const uint64_t fullest = UINT64_MAX - 1;
    if (write(cancel_descriptor(cancel), &fullest, sizeof fullest) == sizeof fullest)
        return;
    assert_int_equal(errno, EBADF);
    for (int i = 0; i < MORE_THAN_A_PIPE_HOLDS; i++)
        dm_cancel_fire(cancel);
}

/* The write to the descriptor fails, which must not change errno. */
static void firing_keeps_errno_even_when_nothing_can_be_written(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    fill(cancel);
    errno = ENOTTY;
    dm_cancel_fire(cancel);
    assert_int_equal(errno, ENOTTY);
    assert_true(cancel_fired(cancel));
    assert_true(is_readable(cancel));
    dm_cancel_free(cancel);
}

/* ---- Waiting ---- */

static void a_wait_without_a_fired_token_lasts_until_its_time(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    const dm_cancel *const tokens[] = {cancel, NULL};
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        const int64_t wake_at = clock_after(30);
        assert_false(cancel_wait(tokens[i], wake_at));
        assert_true(clock_now() >= wake_at);
    }
    dm_cancel_free(cancel);
}

static void a_time_that_has_passed_is_not_waited_for(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    assert_false(cancel_wait(cancel, 0));
    assert_false(cancel_wait(NULL, 0));
    dm_cancel_fire(cancel);
    assert_true(cancel_wait(cancel, 0));
    dm_cancel_free(cancel);
}

static void a_fired_token_ends_an_endless_wait(void **state)
{
    (void)state;
    dm_cancel *cancel = make();
    dm_cancel_fire(cancel);
    assert_true(cancel_wait(cancel, CLOCK_NEVER));
    dm_cancel_free(cancel);
}

static void *fire_a_little_later(void *cancel)
{
    assert_false(cancel_wait(NULL, clock_after(50)));
    dm_cancel_fire(cancel);
    return NULL;
}

static void firing_a_token_ends_a_wait(void **state)
{
    pthread_t thread;
    (void)state;
    dm_cancel *cancel = make();
    const int64_t start = clock_now();
    assert_int_equal(pthread_create(&thread, NULL, fire_a_little_later, cancel), 0);
    assert_true(cancel_wait(cancel, clock_after(30000)));
    assert_true(clock_now() - start < 20000);
    assert_int_equal(pthread_join(thread, NULL), 0);
    dm_cancel_free(cancel);
}

static void do_nothing(int signal_number)
{
    (void)signal_number;
}

/* The signal interrupts poll. */
static void a_signal_that_fires_nothing_does_not_end_a_wait(void **state)
{
    const struct itimerval soon = {.it_value.tv_usec = 20000};
    struct sigaction action = {.sa_handler = do_nothing};
    struct sigaction previous;
    (void)state;
    dm_cancel *cancel = make();
    const int64_t wake_at = clock_after(100);
    assert_int_equal(sigaction(SIGALRM, &action, &previous), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
    assert_false(cancel_wait(cancel, wake_at));
    assert_true(clock_now() >= wake_at);
    assert_int_equal(sigaction(SIGALRM, &previous, NULL), 0);
    dm_cancel_free(cancel);
}

static void null_can_be_fired_freed_and_tested(void **state)
{
    (void)state;
    dm_cancel_fire(NULL);
    dm_cancel_free(NULL);
    assert_false(cancel_fired(NULL));
}

static void a_null_for_a_new_token_is_refused(void **state)
{
    dm_error error = {.http_status = 404};
    (void)state;
    assert_int_equal(dm_cancel_new(NULL, &error), DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(error.status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(error.http_status, 0);
    assert_non_null(strstr(error.message, "cancel must not be NULL"));
}

static void a_token_leaks_no_descriptor_and_passes_none_to_a_child(void **state)
{
    (void)state;
    const size_t before = open_descriptors();
    dm_cancel *cancel = make();
    assert_true(open_descriptors() > before);
    assert_true((fcntl(cancel_descriptor(cancel), F_GETFD) & FD_CLOEXEC) != 0);
    dm_cancel_free(cancel);
    assert_int_equal(open_descriptors(), before);
}

static void without_free_descriptors_a_token_is_a_system_error(void **state)
{
    struct rlimit usual;
    dm_error error;
    dm_cancel *cancel = (dm_cancel *)&error;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    const int first_free = dup(0);
    assert_true(first_free >= 0);
    close(first_free);
    const struct rlimit none_left = {.rlim_cur = (rlim_t)first_free, .rlim_max = usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none_left), 0);
    const dm_status status = dm_cancel_new(&cancel, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_int_equal(status, DM_ERR_SYSTEM);
    assert_null(cancel);
    assert_non_null(strstr(error.message, strerror(EMFILE)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_token_is_not_fired),
        cmocka_unit_test(a_fired_token_stays_fired_and_readable),
        cmocka_unit_test(a_signal_handler_may_fire),
        cmocka_unit_test(another_thread_may_fire),
        cmocka_unit_test(firing_keeps_errno_even_when_nothing_can_be_written),
        cmocka_unit_test(a_wait_without_a_fired_token_lasts_until_its_time),
        cmocka_unit_test(a_time_that_has_passed_is_not_waited_for),
        cmocka_unit_test(a_fired_token_ends_an_endless_wait),
        cmocka_unit_test(firing_a_token_ends_a_wait),
        cmocka_unit_test(a_signal_that_fires_nothing_does_not_end_a_wait),
        cmocka_unit_test(null_can_be_fired_freed_and_tested),
        cmocka_unit_test(a_null_for_a_new_token_is_refused),
        cmocka_unit_test(a_token_leaks_no_descriptor_and_passes_none_to_a_child),
        cmocka_unit_test(without_free_descriptors_a_token_is_a_system_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

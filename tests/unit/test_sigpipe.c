#include "base/sigpipe.h"

#include "test.h"

#include <pthread.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void count_signal(int number)
{
    (void)number;
    handled++;
}

static int count_sigpipes(void **state)
{
    struct sigaction action = {.sa_handler = count_signal};
    (void)state;
    handled = 0;
    return sigaction(SIGPIPE, &action, NULL);
}

static int back_to_default(void **state)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    (void)state;
    return sigaction(SIGPIPE, &action, NULL);
}

static void write_to_a_broken_pipe(void)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(write(ends[1], "x", 1), -1);
    close(ends[1]);
}

static bool is_pending(int number)
{
    sigset_t pending;
    assert_int_equal(sigpending(&pending), 0);
    return sigismember(&pending, number) == 1;
}

static bool is_blocked(int number)
{
    sigset_t mask;
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &mask), 0);
    return sigismember(&mask, number) == 1;
}

static void set_blocked(int how, int number)
{
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, number);
    assert_int_equal(pthread_sigmask(how, &mask, NULL), 0);
}

static void a_sigpipe_in_between_is_discarded(void **state)
{
    struct sigpipe_guard guard;
    (void)state;
    sigpipe_block(&guard);
    write_to_a_broken_pipe();
    write_to_a_broken_pipe();
    assert_true(is_pending(SIGPIPE));
    sigpipe_restore(&guard);
    assert_false(is_pending(SIGPIPE));
    assert_false(is_blocked(SIGPIPE));
    assert_int_equal(handled, 0);
}

static void the_application_gets_its_own_sigpipes_before_and_after(void **state)
{
    struct sigpipe_guard guard;
    (void)state;
    write_to_a_broken_pipe();
    sigpipe_block(&guard);
    sigpipe_restore(&guard);
    write_to_a_broken_pipe();
    assert_int_equal(handled, 2);
}

static void a_sigpipe_that_was_pending_already_stays(void **state)
{
    struct sigpipe_guard guard;
    (void)state;
    set_blocked(SIG_BLOCK, SIGPIPE);
    write_to_a_broken_pipe();
    sigpipe_block(&guard);
    write_to_a_broken_pipe();
    sigpipe_restore(&guard);
    assert_true(is_pending(SIGPIPE));
    assert_int_equal(handled, 0);
    set_blocked(SIG_UNBLOCK, SIGPIPE);
    assert_int_equal(handled, 1);
}

static void a_sigpipe_that_was_blocked_already_stays_blocked(void **state)
{
    struct sigpipe_guard guard;
    (void)state;
    set_blocked(SIG_BLOCK, SIGPIPE);
    sigpipe_block(&guard);
    write_to_a_broken_pipe();
    sigpipe_restore(&guard);
    assert_true(is_blocked(SIGPIPE));
    assert_false(is_pending(SIGPIPE));
    set_blocked(SIG_UNBLOCK, SIGPIPE);
    assert_int_equal(handled, 0);
}

static void other_signals_are_not_changed(void **state)
{
    struct sigpipe_guard guard;
    (void)state;
    set_blocked(SIG_BLOCK, SIGUSR2);
    sigpipe_block(&guard);
    assert_false(is_blocked(SIGUSR1));
    assert_int_equal(raise(SIGUSR2), 0);
    sigpipe_restore(&guard);
    assert_true(is_blocked(SIGUSR2));
    assert_true(is_pending(SIGUSR2));
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    assert_int_equal(sigaction(SIGUSR2, &ignore, NULL), 0);
    set_blocked(SIG_UNBLOCK, SIGUSR2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_sigpipe_in_between_is_discarded, count_sigpipes, back_to_default),
        cmocka_unit_test_setup_teardown(the_application_gets_its_own_sigpipes_before_and_after, count_sigpipes,
                                        back_to_default),
        cmocka_unit_test_setup_teardown(a_sigpipe_that_was_pending_already_stays, count_sigpipes, back_to_default),
        cmocka_unit_test_setup_teardown(a_sigpipe_that_was_blocked_already_stays_blocked, count_sigpipes,
                                        back_to_default),
        cmocka_unit_test_setup_teardown(other_signals_are_not_changed, count_sigpipes, back_to_default),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

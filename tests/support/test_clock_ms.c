/* The clock of a thread's own time, with which tests set upper limits. */
#include "clock_ms.h"
#include "test.h"

#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SLEEP_MS = 50, BUSY_MS = 400, RIVALS = 3 };

static void sleeping_takes_time_on_both_clocks(void **state)
{
    const long long begun = now_ms();
    const long long own_begun = own_ms();

    (void)state;
    sleep_ms(SLEEP_MS);
    const long long own_taken = own_ms() - own_begun;
    assert_in_range(own_taken, SLEEP_MS - 1, now_ms() - begun + 1);
}

/* A process that always needs a processor. It is not a thread, because valgrind runs only one thread at a time. */
static pid_t start_rival(void)
{
    const pid_t rival = fork();
    assert_true(rival >= 0);
    if (rival == 0) {
        alarm(60); /* if the test ends early */
        for (;;)
            continue;
    }
    return rival;
}

static void end_rival(pid_t rival)
{
    kill(rival, SIGKILL);
    waitpid(rival, NULL, 0);
}

/* All processes that are started from now on share one processor with this one. */
static void stay_on_one_processor(void)
{
    cpu_set_t allowed;
    cpu_set_t one;

    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; i++)
        if (CPU_ISSET(i, &allowed))
            CPU_SET(i, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
}

static void waiting_for_a_processor_does_not_count(void **state)
{
    pid_t rivals[RIVALS];

    (void)state;
    if (access("/proc/thread-self/schedstat", R_OK) != 0)
        skip(); /* in this case the two clocks are the same */
    stay_on_one_processor();
    for (size_t i = 0; i < RIVALS; i++)
        rivals[i] = start_rival();
    const long long begun = now_ms();
    const long long own_begun = own_ms();
    while (now_ms() - begun < BUSY_MS)
        continue;
    const long long own_taken = own_ms() - own_begun;
    const long long taken = now_ms() - begun;
    for (size_t i = 0; i < RIVALS; i++)
        end_rival(rivals[i]);
    assert_in_range(own_taken, 0, taken / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sleeping_takes_time_on_both_clocks),
        cmocka_unit_test(waiting_for_a_processor_does_not_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A debug build asserts that an engine and its libcurl handles are used only by the thread that took the engine. */
#include "api_test.h"

#include "base/clock.h"
#include "client/client.h"

#include "test.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static dm_client *client;
static struct engine *taken;

static void *take(void *data)
{
    taken = client_take_engine(client);
    return data;
}

static void *take_and_drive(void *data)
{
    take(data);
    engine_next(taken, clock_now());
    return data;
}

static void *adopt_and_drive(void *data)
{
    engine_adopt(taken);
    engine_next(taken, clock_now());
    return data;
}

static bool run_in_another_thread(void *(*what)(void *))
{
    pthread_t thread;

    return pthread_create(&thread, NULL, what, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

#ifndef NDEBUG
static _Noreturn void drive_what_another_thread_took(void)
{
    signal(SIGABRT, SIG_DFL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    (void)!freopen("/dev/null", "we", stderr); /* the assertion's message would look like a failure of the test */
    if (!run_in_another_thread(take))
        _exit(2);
    engine_next(taken, clock_now());
    _exit(0);
}
#endif

static void an_engine_is_driven_by_the_thread_that_took_it(void **state)
{
    (void)state;
#ifdef NDEBUG
    skip();
#else
    int status = 0;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0)
        drive_what_another_thread_took();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
#endif
}

/* This shows that the test above can fail: after engine_adopt, the assertion holds. */
static void another_thread_may_take_an_engine_over(void **state)
{
    (void)state;
    assert_true(run_in_another_thread(take_and_drive));
    engine_adopt(taken);
    assert_null(engine_next(taken, clock_now()));
    assert_true(run_in_another_thread(adopt_and_drive));
    client_give_engine(client, taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_engine_is_driven_by_the_thread_that_took_it),
        cmocka_unit_test(another_thread_may_take_an_engine_over),
    };
    api_forget_environment();
    client = api_client_new("http://127.0.0.1:1", SANDBOX_KEY); /* never read */
    const int failures = cmocka_run_group_tests(tests, NULL, NULL);
    dm_client_free(client);
    return failures;
}

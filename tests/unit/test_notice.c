#include "base/notice.h"

#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <time.h>

static bool is_raised(const struct notice *notice)
{
    struct pollfd end = {.fd = notice->read_end, .events = POLLIN};
    return poll(&end, 1, 0) == 1;
}

static void a_notice_is_readable_while_it_is_raised(void **state)
{
    struct notice notice;
    struct failure failure;
    (void)state;

    failure_init(&failure, NULL);
    assert_true(notice_open(&notice, "for a test", &failure));
    assert_false(is_raised(&notice));
    notice_raise(&notice);
    assert_true(is_raised(&notice));
    notice_lower(&notice);
    assert_false(is_raised(&notice));
    notice_close(&notice);
}

static void *raise_later(void *notice)
{
    static const struct timespec some_time = {0, 50 * 1000 * 1000};
    nanosleep(&some_time, NULL);
    notice_raise(notice);
    return NULL;
}

static void lowering_waits_until_the_other_thread_has_raised(void **state)
{
    struct notice notice;
    struct failure failure;
    pthread_t thread;
    (void)state;

    failure_init(&failure, NULL);
    assert_true(notice_open(&notice, "for a test", &failure));
    assert_int_equal(pthread_create(&thread, NULL, raise_later, &notice), 0);
    notice_lower(&notice);
    assert_false(is_raised(&notice));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_false(is_raised(&notice));
    notice_close(&notice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_notice_is_readable_while_it_is_raised),
        cmocka_unit_test(lowering_waits_until_the_other_thread_has_raised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

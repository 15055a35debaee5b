/* Retry-After: how long a call waits before a retry. */
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The duration of a call that first gets a reply with this header, and then a good one. */
static long long milliseconds_with(const char *header)
{
    struct scene scene;

    scene_init(&scene);
    scene_reply(&scene, SCENE_BUSY, header, "");
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    const long long taken = now_ms() - begun;
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
    return taken;
}

static void http_date(char *header, size_t size, int seconds_from_now)
{
    const time_t then = time(NULL) + seconds_from_now;
    struct tm parts;
    gmtime_r(&then, &parts);
    strftime(header, size, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
}

static void retry_after_in_seconds_is_obeyed(void **state)
{
    (void)state;
    const long long taken = milliseconds_with("Retry-After: 1\r\n");
    assert_true(taken >= 1000);
    assert_true(taken < TOO_LONG_MS);
}

static void retry_after_as_a_date_is_obeyed(void **state)
{
    char header[80];
    (void)state;
    const long long begun = now_ms();
    http_date(header, sizeof header, 3);
    assert_true(milliseconds_with(header) < TOO_LONG_MS);
    assert_true(now_ms() - begun >= 1000); /* a date has whole seconds, and the reply takes some time to arrive */
}

static void retry_after_in_the_past_or_unreadable_leaves_the_usual_pause(void **state)
{
    char past[80];
    (void)state;
    http_date(past, sizeof past, -100);
    assert_true(milliseconds_with(past) < TOO_LONG_MS);
    assert_true(milliseconds_with("Retry-After: -5\r\n") < TOO_LONG_MS);
    assert_true(milliseconds_with("Retry-After: soon\r\n") < TOO_LONG_MS);
}

/* The call must fail because the service asks for a longer wait than its deadline allows. */
static void expect_too_late(const char *header, const char *http_status, dm_status status)
{
    const dm_call_options call = {.timeout_ms = LONG_MS};
    struct scene scene;

    scene_init(&scene);
    scene_reply(&scene, http_status, header, "{\"detail\":\"busy\"}");
    scene_start(&scene, NULL);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, &call), status, &scene.error);
    assert_true(now_ms() - begun < TOO_LONG_MS);
    assert_int_equal(scene.error.attempts, 1);
    assert_int_equal(scene.error.http_status, atoi(http_status));
    assert_in_range(scene.error.retry_after_ms, LONG_MS, INT64_MAX);
    assert_non_null(strstr(scene.error.message, "asks to wait"));
    scene_end(&scene);
}

static void retry_after_beyond_the_deadline_fails_at_once_with_a_message(void **state)
{
    char date[80];
    (void)state;
    http_date(date, sizeof date, 3600);
    expect_too_late("Retry-After: 3600\r\n", SCENE_BUSY, DM_ERR_SERVER);
    expect_too_late("Retry-After: 3600\r\n", "429 Too Many Requests", DM_ERR_RATE_LIMITED);
    expect_too_late(date, SCENE_BUSY, DM_ERR_SERVER);
}

/* 18446744073709552 s are 2^64 + 384 ms, and the last one is the largest number that there is. */
static void a_huge_retry_after_fails_at_once_too(void **state)
{
    (void)state;
    expect_too_late("Retry-After: 18446744073709552\r\n", SCENE_BUSY, DM_ERR_SERVER);
    expect_too_late("Retry-After: 9223372036854775807\r\n", SCENE_BUSY, DM_ERR_SERVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retry_after_in_seconds_is_obeyed),
        cmocka_unit_test(retry_after_as_a_date_is_obeyed),
        cmocka_unit_test(retry_after_in_the_past_or_unreadable_leaves_the_usual_pause),
        cmocka_unit_test(retry_after_beyond_the_deadline_fails_at_once_with_a_message),
        cmocka_unit_test(a_huge_retry_after_fails_at_once_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

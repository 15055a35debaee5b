/* How many requests are accepted: --rate-limit and --rate-limit-kind. */
#include "clock_ms.h"
#include "raw_exchange.h"
#include "sandbox_process.h"
#include "test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { LIMIT = 2 };

/* Returns whether it is accepted. The pause limits the number of connections. */
static bool send_request(const struct sandbox_process *sandbox)
{
    static const char request[] = "GET /v0.7/accounts/me HTTP/1.1\r\nHost: x\r\nX-API-KEY: sandbox\r\n"
                                  "Connection: close\r\n\r\n";
    const struct raw_answer answer = raw_exchange(sandbox_url(sandbox), request, strlen(request), 10 * 1000);
    const bool accepted = strncmp(answer.text, "HTTP/1.1 200 ", strlen("HTTP/1.1 200 ")) == 0;
    if (!accepted) {
        assert_non_null(strstr(answer.text, "HTTP/1.1 429 "));
        assert_non_null(strstr(answer.text, "Retry-After: 1\r\n"));
        assert_non_null(strstr(answer.text, "{\"detail\":\"Request was throttled."));
    }
    free(answer.text);
    sleep_ms(10);
    return accepted;
}

/* Sends requests for this time. Returns how many are accepted. */
static int send_requests_for(const struct sandbox_process *sandbox, long long milliseconds, int *rejected)
{
    const long long until = now_ms() + milliseconds;
    int accepted = 0;
    while (now_ms() < until)
        ++*(send_request(sandbox) ? &accepted : rejected);
    return accepted;
}

static void assert_limited(const char *kind, int burst)
{
    const char *const arguments[] = {"--rate-limit", "2", "--rate-limit-kind", kind, NULL};
    struct sandbox_process *sandbox = sandbox_start(arguments);
    int rejected = 0;
    assert_non_null(sandbox);
    const long long begin = now_ms();
    const int accepted = send_requests_for(sandbox, 600, &rejected);
    const int seconds = (int)((now_ms() - begin + 999) / 1000);
    assert_in_range(accepted, LIMIT, seconds * LIMIT + burst);
    assert_true(rejected > 0);
    while (!send_request(sandbox))
        assert_true(now_ms() < begin + LONG_MS);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void a_sliding_window_allows_so_many_requests_in_any_second(void **state)
{
    (void)state;
    assert_limited("sliding", 0);
}

static void a_fixed_window_allows_so_many_requests_in_each_second_of_the_clock(void **state)
{
    (void)state;
    assert_limited("fixed", LIMIT);
}

static void a_bucket_allows_so_many_requests_at_once_and_is_refilled(void **state)
{
    (void)state;
    assert_limited("bucket", LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sliding_window_allows_so_many_requests_in_any_second),
        cmocka_unit_test(a_fixed_window_allows_so_many_requests_in_each_second_of_the_clock),
        cmocka_unit_test(a_bucket_allows_so_many_requests_at_once_and_is_refilled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

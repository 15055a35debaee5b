/* --fault: which requests get a fault, and the bytes that are sent. */
#include "clock_ms.h"
#include "raw_exchange.h"
#include "sandbox_process.h"
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TIME_LIMIT_MS = 20000, SILENCE_MS = 300 };

#define ACCOUNT "/v0.7/accounts/me"

static struct sandbox_process *start_with(const char *const *faults)
{
    const char *arguments[16] = {NULL};
    size_t count = 0;

    for (; *faults != NULL; faults++) {
        arguments[count++] = "--fault";
        arguments[count++] = *faults;
    }
    struct sandbox_process *sandbox = sandbox_start(arguments);
    assert_non_null(sandbox);
    return sandbox;
}

static struct sandbox_process *start_with_one(const char *fault)
{
    const char *const faults[] = {fault, NULL};

    return start_with(faults);
}

static struct raw_answer ask(const struct sandbox_process *sandbox, const char *method, const char *path,
                             int time_limit_ms)
{
    static const char body[] = "{\"name\":\"a\",\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,"
                               "\"labels\":[]}}]}";
    const bool has_body = strcmp(method, "POST") == 0;
    char request[1024];
    int size = snprintf(request, sizeof request,
                        "%s %s HTTP/1.1\r\nHost: sandbox.test\r\nX-API-KEY: sandbox\r\nConnection: close\r\n"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                        method, path, has_body ? strlen(body) : 0, has_body ? body : "");

    return raw_exchange(sandbox_url(sandbox), request, (size_t)size, time_limit_ms);
}

/* The status of the answer to a GET. */
static int status_of(const struct sandbox_process *sandbox, const char *path)
{
    struct raw_answer answer = ask(sandbox, "GET", path, TIME_LIMIT_MS);
    int status = 0;

    assert_int_equal(answer.end, RAW_CLOSED);
    assert_int_equal(sscanf(answer.text, "HTTP/1.1 %d", &status), 1);
    free(answer.text);
    return status;
}

/* When the client gives up an unanswered request, it may not have reached the sandbox yet. */
static struct request_log *await_requests(const struct sandbox_process *sandbox)
{
    const long long limit = now_ms() + TIME_LIMIT_MS;
    struct request_log *log = sandbox_requests_since(sandbox, 0);

    while (log != NULL && log->count == 0 && now_ms() < limit) {
        request_log_free(log);
        sleep_ms(10);
        log = sandbox_requests_since(sandbox, 0);
    }
    return log;
}

static void assert_last_status(const struct sandbox_process *sandbox, int status)
{
    struct request_log *log = await_requests(sandbox);

    assert_non_null(log);
    assert_true(log->count > 0);
    const cJSON *logged = cJSON_GetObjectItemCaseSensitive(log->items[log->count - 1], "status");
    assert_int_equal(cJSON_GetNumberValue(logged), status);
    request_log_free(log);
}

static void a_status_replaces_the_answer(void **state)
{
    struct sandbox_process *sandbox = start_with_one("POST /v0.7/recognition/specs status=503 retry-after=2.5 count=1");
    struct raw_answer answer = ask(sandbox, "POST", "/v0.7/recognition/specs", TIME_LIMIT_MS);

    (void)state;
    assert_int_equal(answer.end, RAW_CLOSED);
    assert_non_null(strstr(answer.text, "HTTP/1.1 503 "));
    assert_non_null(strstr(answer.text, "\r\nRetry-After: 2.5\r\n"));
    assert_non_null(strstr(answer.text, "{\"error\":"));
    free(answer.text);
    assert_last_status(sandbox, 503);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs/1"), 404); /* it was not processed */
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void a_status_may_have_no_body(void **state)
{
    struct sandbox_process *sandbox = start_with_one("* * status=204");
    struct raw_answer answer = ask(sandbox, "GET", ACCOUNT, TIME_LIMIT_MS);

    (void)state;
    assert_non_null(strstr(answer.text, "HTTP/1.1 204 "));
    assert_string_equal(strstr(answer.text, "\r\n\r\n"), "\r\n\r\n");
    free(answer.text);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void skip_and_count_choose_the_requests(void **state)
{
    static const char *const faults[] = {
        "GET /v0.7/accounts/me skip=1 count=2 status=500",
        "GET /v0.7/accounts/me skip=1 count=1 status=429",
        NULL,
    };
    static const int expected[] = {200, 500, 500, 429, 200, 200};
    struct sandbox_process *sandbox = start_with(faults);

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        assert_int_equal(status_of(sandbox, ACCOUNT), expected[i]);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void method_and_path_choose_the_requests(void **state)
{
    static const char *const faults[] = {
        "GET /v0.7/tasks/* status=501",
        "GET /v0.7/recognition/public/*/inference status=502",
        "POST /v0.7/accounts/me status=503",
        "* /v0.7/recognition/specs status=504",
        NULL,
    };
    struct sandbox_process *sandbox = start_with(faults);

    (void)state;
    assert_int_equal(status_of(sandbox, "/v0.7/tasks/12"), 501);
    assert_int_equal(status_of(sandbox, "/v0.7/tasks?task_ids=12"), 200);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/public/a/inference"), 502);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/public/sandbox-colors"), 200);
    assert_int_equal(status_of(sandbox, ACCOUNT), 200);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs?limit=1"), 504);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs/"), 504);
    assert_int_equal(status_of(sandbox, "http://sandbox.test/v0.7/recognition/specs"), 504);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs/1"), 404);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

/* The Content-Length is larger than the body that is sent; the request took effect. */
static void check_cut(const char *fault, size_t expected)
{
    struct sandbox_process *sandbox = start_with_one(fault);
    struct raw_answer answer = ask(sandbox, "POST", "/v0.7/recognition/specs", TIME_LIMIT_MS);
    size_t announced = 0;

    assert_int_equal(answer.end, RAW_CLOSED);
    assert_non_null(strstr(answer.text, "HTTP/1.1 201 "));
    assert_int_equal(sscanf(strstr(answer.text, "Content-Length: "), "Content-Length: %zu", &announced), 1);
    assert_true(announced > 100);
    assert_int_equal(strlen(strstr(answer.text, "\r\n\r\n") + 4), expected);
    free(answer.text);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs/1"), 200);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void a_reply_may_be_cut(void **state)
{
    (void)state;
    check_cut("POST * cut=10", 10);
    check_cut("POST * cut=0", 0);
}

static void check_unanswered(const char *fault, enum raw_end end, int time_limit_ms)
{
    struct sandbox_process *sandbox = start_with_one(fault);
    struct raw_answer answer = ask(sandbox, "POST", "/v0.7/recognition/specs", time_limit_ms);

    assert_int_equal(answer.end, end);
    assert_int_equal(answer.size, 0);
    free(answer.text);
    assert_last_status(sandbox, 0);
    assert_int_equal(status_of(sandbox, "/v0.7/recognition/specs/1"), 404);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void a_request_may_stay_unanswered(void **state)
{
    (void)state;
    check_unanswered("POST * close", RAW_CLOSED, TIME_LIMIT_MS);
    check_unanswered("POST * reset", RAW_RESET, TIME_LIMIT_MS);
    check_unanswered("POST * stall", RAW_TIMED_OUT, SILENCE_MS);
}

static void a_reply_may_be_delayed(void **state)
{
    struct sandbox_process *sandbox = start_with_one("GET * delay=400 count=1");
    const long long begin = now_ms();

    (void)state;
    assert_int_equal(status_of(sandbox, ACCOUNT), 200);
    assert_true(now_ms() - begin >= 400);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

/* The answer arrives although the announced request body never does. */
static void check_early(const char *fault, enum raw_end end, const char *start)
{
    static const char head[] = "POST /v0.7/recognition/specs HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";
    struct sandbox_process *sandbox = start_with_one(fault);
    struct raw_answer answer = raw_exchange(sandbox_url(sandbox), head, strlen(head), SILENCE_MS * 10);

    assert_int_equal(answer.end, end);
    assert_memory_equal(answer.text, start, strlen(start));
    free(answer.text);
    assert_int_equal(sandbox_stop(sandbox), 0);
}

static void a_fault_may_come_before_the_body(void **state)
{
    (void)state;
    check_early("POST * early status=413", RAW_CLOSED, "HTTP/1.1 413 ");
    check_early("POST * early reset", RAW_RESET, "");
    check_early("POST * status=413", RAW_TIMED_OUT, "");
}

/* Clients that are still waiting do not prevent the sandbox from stopping. */
static void check_stop(const char *fault)
{
    static const char request[] = "GET " ACCOUNT " HTTP/1.1\r\nHost: a\r\n\r\n";
    struct sandbox_process *sandbox = start_with_one(fault);
    struct raw_answer answer = raw_exchange(sandbox_url(sandbox), request, strlen(request), SILENCE_MS);
    const long long begin = now_ms();

    assert_int_equal(answer.end, RAW_TIMED_OUT);
    free(answer.text);
    assert_int_equal(sandbox_stop(sandbox), 0);
    assert_true(now_ms() - begin < TIME_LIMIT_MS);
}

static void waiting_requests_end_with_the_sandbox(void **state)
{
    (void)state;
    check_stop("GET * delay=600000");
    check_stop("GET * stall");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_status_replaces_the_answer),
        cmocka_unit_test(a_status_may_have_no_body),
        cmocka_unit_test(skip_and_count_choose_the_requests),
        cmocka_unit_test(method_and_path_choose_the_requests),
        cmocka_unit_test(a_reply_may_be_cut),
        cmocka_unit_test(a_request_may_stay_unanswered),
        cmocka_unit_test(a_reply_may_be_delayed),
        cmocka_unit_test(a_fault_may_come_before_the_body),
        cmocka_unit_test(waiting_requests_end_with_the_sandbox),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

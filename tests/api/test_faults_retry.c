/* What is tried again, how often and after how long; and what is never sent twice. */
#include <deepomatic.h>

#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char busy[] = "503 Service Unavailable";
static const char come_back_at_once[] = "Retry-After: 0\r\n";

typedef dm_status scene_call(struct scene *scene, const dm_call_options *call);

static dm_status infer_bytes(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_infer(scene, &image, call);
}

static dm_status submit_bytes(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_submit(scene, &image, call);
}

/* ---- Passing failures ---- */

static void a_passing_http_status_is_tried_again(void **state)
{
    static const char *const passing[] = {"408 Request Timeout", "429 Too Many Requests",   "500 Internal Server Error",
                                          "502 Bad Gateway",     "503 Service Unavailable", "504 Gateway Timeout"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(passing); i++) {
        scene_reply(&scene, passing[i], "", "");
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    }
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(passing); i++) {
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2 * (i + 1));
    }
    scene_end(&scene);
}

static void a_lasting_http_status_is_not(void **state)
{
    static const char *const lasting[] = {"400 Bad Request", "401 Unauthorized", "403 Forbidden",      "404 Not Found",
                                          "409 Conflict",    "410 Gone",         "501 Not Implemented"};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (size_t i = 0; i < COUNT(lasting); i++)
        scene_reply(&scene, lasting[i], "", "");
    scene_start(&scene, NULL);
    for (size_t i = 0; i < COUNT(lasting); i++) {
        assert_int_not_equal(scene_get(&scene, NULL), DM_OK);
        assert_int_equal(scene.error.attempts, 1);
        assert_false(scene.error.outcome_unknown);
    }
    assert_int_equal(scene_requests(&scene), COUNT(lasting));
    scene_end(&scene);
}

static void a_broken_reply_is_tried_again(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_RESET);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-")->ending = FAULT_THEN_CLOSE;
    scene_text(&scene, "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{")->ending = FAULT_THEN_CLOSE;
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 5);
    assert_int_equal(scene.log_count[DM_LOG_INFO], 5);
    assert_int_equal(scene.log_count[DM_LOG_WARNING], 4);
    scene_end(&scene);
}

static void a_stalled_attempt_is_tried_again(void **state)
{
    const dm_client_options options = {.stall_timeout_ms = 1000};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_STALL);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, &options);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void no_more_attempts_are_made_than_max_attempts(void **state)
{
    (void)state;
    for (int most = 1; most <= 4; most++) {
        const dm_client_options options = {.max_attempts = most};
        struct scene scene;

        scene_init(&scene);
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_start(&scene, &options);
        assert_status(scene_get(&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_int_equal(scene.error.attempts, most);
        assert_int_equal(scene_requests(&scene), most);
        assert_int_equal(strstr(scene.error.message, "attempts)") != NULL, most > 1);
        scene_end(&scene);
    }
}

static void five_attempts_are_made_by_default(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, "", "{\"detail\":\"busy\"}");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_int_equal(scene.error.attempts, 5);
    assert_int_equal(scene.error.http_status, 503);
    assert_string_equal(scene.error.server_message, "busy");
    scene_end(&scene);
}

static void repeatable_calls_are_repeated(void **state)
{
    static const struct {
        scene_call *call;
        const char *reply;
    } cases[] = {
        {scene_get, SCENE_ACCOUNT}, {scene_update, SCENE_SPEC}, {scene_delete, ""}, {submit_bytes, SCENE_TASK_ID}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, busy, "", "");
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_reply(&scene, "200 OK", "", cases[i].reply);
        scene_start(&scene, NULL);
        assert_status(cases[i].call(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 3);
        scene_end(&scene);
    }
}

/* ---- Retry-After ---- */

/* Gets one reply with this header and then a good one. How long the call took. */
static long long milliseconds_with(const char *header)
{
    struct scene scene;

    scene_init(&scene);
    scene_reply(&scene, busy, header, "");
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_start(&scene, NULL);
    const long long begun = now_ms();
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    const long long taken = now_ms() - begun;
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
    return taken;
}

static void http_date(char *to, size_t size, int seconds_from_now)
{
    const time_t then = time(NULL) + seconds_from_now;
    struct tm parts;
    gmtime_r(&then, &parts);
    strftime(to, size, "Retry-After: %a, %d %b %Y %H:%M:%S GMT\r\n", &parts);
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
    assert_true(now_ms() - begun >= 1000); /* a date has whole seconds, and the way there takes its time */
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

/* Fails the call because the service asks for more time than there is. */
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

static void retry_after_beyond_the_deadline_fails_at_once_and_says_so(void **state)
{
    char date[80];
    (void)state;
    http_date(date, sizeof date, 3600);
    expect_too_late("Retry-After: 3600\r\n", busy, DM_ERR_SERVER);
    expect_too_late("Retry-After: 3600\r\n", "429 Too Many Requests", DM_ERR_RATE_LIMITED);
    expect_too_late(date, busy, DM_ERR_SERVER);
}

/* 18446744073709552 s are 2^64 + 384 ms, and the last one is the largest number that there is. */
static void retry_after_of_aeons_fails_at_once_too(void **state)
{
    (void)state;
    expect_too_late("Retry-After: 18446744073709552\r\n", busy, DM_ERR_SERVER);
    expect_too_late("Retry-After: 9223372036854775807\r\n", busy, DM_ERR_SERVER);
}

static void a_wait_that_is_asked_to_pause_beyond_its_end_ends_at_once(void **state)
{
    static const dm_task_id id = {"123"};
    const dm_call_options call = {.timeout_ms = LONG_MS};
    dm_tasks *tasks = NULL;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, "Retry-After: 3600\r\n", "");
    scene_start(&scene, NULL);
    const long long begun = now_ms();
    assert_status(scene_wait(&scene, &call), DM_ERR_SERVER, &scene.error); /* for the time is not up */
    assert_non_null(strstr(scene.error.message, "/tasks/123: HTTP 503, and the service asks to wait 3600 s"));
    assert_int_equal(scene.error.retry_after_ms, 3600 * 1000);
    assert_string_equal(scene.error.task_id.text, "123");

    dm_status status = dm_task_wait_all(scene.client, &id, 1, &call, &tasks, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_SERVER, &scene.error);
    assert_non_null(strstr(scene.error.message, "HTTP 503, and the service asks to wait 3600 s"));
    assert_true(now_ms() - begun < TOO_LONG_MS);
    scene_end(&scene);
}

/* ---- Creates ---- */

static scene_call *const creates[] = {scene_create, scene_create_version};
enum { CREATE_COUNT = COUNT(creates) };

static void a_create_that_broke_after_it_was_sent_is_not_sent_twice(void **state)
{
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < 2 * (size_t)CREATE_COUNT; i++) {
        struct scene scene;

        scene_init(&scene);
        scene_break(&scene, endings[i / CREATE_COUNT]);
        scene_reply(&scene, "200 OK", "", SCENE_SPEC);
        scene_start(&scene, NULL);
        assert_status(creates[i % CREATE_COUNT](&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_non_null(strstr(scene.error.message, "may have carried it out"));
        assert_int_equal(scene.error.attempts, 1);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

static void a_create_whose_reply_is_cut_is_not_sent_twice(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_text(&scene, "HTTP/1.1 201 Created\r\nContent-Length: 38\r\n\r\n{\"id\":")->ending = FAULT_THEN_CLOSE;
    scene_start(&scene, NULL);
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_true(scene.error.outcome_unknown);
    assert_int_equal(scene_requests(&scene), 1);
    scene_end(&scene);
}

/* On a connection that was used before, libcurl sends a second time by itself. */
static void a_create_is_not_sent_twice_after_a_get_has_warmed_the_connection(void **state)
{
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < 2 * (size_t)CREATE_COUNT; i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        scene_break(&scene, endings[i / CREATE_COUNT]);
        scene_reply(&scene, "200 OK", "", SCENE_SPEC);
        scene_start(&scene, NULL);
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_status(creates[i % CREATE_COUNT](&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_int_equal(scene_requests(&scene), 2);
        scene_end(&scene);
    }
}

/* Shows that the test above can fail: what may be repeated does meet libcurl's second send. */
static void an_update_on_a_dead_warm_connection_succeeds(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "200 OK", "", SCENE_SPEC);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_update(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    assert_status(scene_request(&scene, 0)->connection, scene_request(&scene, 1)->connection, &scene.error);
    scene_end(&scene);
}

/* libcurl counts its own repetitions for the life of a handle, and gives up at the sixth. */
static void connections_that_die_when_idle_never_fail_a_call(void **state)
{
    enum { CALLS = 20 };
    const dm_client_options once = {.max_attempts = 1};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    for (int i = 0; i < CALLS; i++) {
        scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        scene_break(&scene, FAULT_THEN_CLOSE);
    }
    scene_start(&scene, &once);
    for (int i = 0; i < CALLS; i++)
        assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    scene_end(&scene);
}

static void a_create_that_was_turned_away_is_repeated(void **state)
{
    static const struct {
        const char *http;
        const char *header;
    } cases[] = {{"429 Too Many Requests", ""},
                 {"429 Too Many Requests", "Retry-After: 0\r\n"},
                 {"503 Service Unavailable", "Retry-After: 0\r\n"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, cases[i].http, cases[i].header, "");
        scene_reply(&scene, "201 Created", "", SCENE_SPEC);
        scene_start(&scene, NULL);
        assert_status(scene_create(&scene, NULL), DM_OK, &scene.error);
        assert_int_equal(scene_requests(&scene), 2);
        assert_string_equal(scene_request(&scene, 0)->body, scene_request(&scene, 1)->body);
        scene_end(&scene);
    }
}

static void a_create_that_failed_without_saying_more_is_not_repeated(void **state)
{
    static const char *const failures[] = {"408 Request Timeout", "500 Internal Server Error", "502 Bad Gateway",
                                           "503 Service Unavailable", "504 Gateway Timeout"};
    (void)state;
    for (size_t i = 0; i < COUNT(failures); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, failures[i], "", "");
        scene_start(&scene, NULL);
        assert_status(scene_create(&scene, NULL), DM_ERR_SERVER, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

/* libcurl must not remember the Retry-After of the attempt before. */
static void an_earlier_retry_after_does_not_count_for_the_next_failure(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, "Retry-After: 1\r\n", "");
    scene_reply(&scene, busy, "", "");
    scene_reply(&scene, "201 Created", "", SCENE_SPEC);
    scene_start(&scene, NULL);
    assert_status(scene_create(&scene, NULL), DM_ERR_SERVER, &scene.error);
    assert_true(scene.error.outcome_unknown);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void a_create_that_is_refused_outright_has_a_known_outcome(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "", "");
    scene_reply(&scene, "400 Bad Request", "", "{\"name\":[\"taken\"]}");
    scene_start(&scene, NULL);
    assert_status(scene_create(&scene, NULL), DM_ERR_REJECTED, &scene.error);
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(scene.error.attempts, 2);
    scene_end(&scene);
}

/* A server that was there once, so that its port is free. */
static char *free_address(void)
{
    static const struct fault_step step;
    struct fault_server *server = fault_server_start(&step, 1);
    assert_non_null(server);
    char *url = strdup(fault_server_url(server));
    fault_server_stop(server);
    return url;
}

static void a_refused_connection_is_tried_again_even_for_a_create(void **state)
{
    static scene_call *const calls[] = {scene_get, scene_create, scene_create_version, scene_delete, submit_bytes};
    char *url = free_address();
    (void)state;

    for (size_t i = 0; i < COUNT(calls); i++) {
        struct scene scene;
        scene_init(&scene);
        scene_start_at(&scene, url, NULL);
        assert_status(calls[i](&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_int_equal(scene.error.attempts, 5);
        assert_int_equal(scene.error.http_status, 0);
        assert_false(scene.error.outcome_unknown);
        scene_end(&scene);
    }
    free(url);
}

/* The proxy was asked for a tunnel, but the service was not asked for anything. */
static void a_create_that_gets_no_tunnel_through_a_proxy_has_a_known_outcome(void **state)
{
    dm_client_options options = {.api_url = "https://api.invalid", .max_attempts = 2};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene.server = fault_server_start(scene.steps, scene.step_count);
    options.proxy = fault_server_url(scene.server);
    scene_start_at(&scene, NULL, &options);
    assert_status(scene_create(&scene, NULL), DM_ERR_NETWORK, &scene.error);
    assert_string_equal(scene_request(&scene, 0)->method, "CONNECT");
    assert_null(strstr(scene_request(&scene, 0)->head, SCENE_KEY));
    assert_false(scene.error.outcome_unknown);
    assert_int_equal(scene.error.attempts, 2);
    scene_end(&scene);
}

static void a_proxy_that_refuses_a_tunnel_for_now_is_asked_again(void **state)
{
    static const struct {
        const char *http;
        int attempts;
    } cases[] = {{"400 Bad Request", 1},     {"403 Forbidden", 1},         {"407 Proxy Authentication Required", 1},
                 {"408 Request Timeout", 3}, {"429 Too Many Requests", 3}, {"502 Bad Gateway", 3}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        dm_client_options options = {.api_url = "https://api.invalid", .max_attempts = 3};
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, cases[i].http, "", "");
        scene.server = fault_server_start(scene.steps, scene.step_count);
        options.proxy = fault_server_url(scene.server);
        scene_start_at(&scene, NULL, &options);
        assert_status(scene_get(&scene, NULL), DM_ERR_NETWORK, &scene.error);
        assert_int_equal(scene.error.attempts, cases[i].attempts);
        assert_int_equal(scene_requests(&scene), cases[i].attempts);
        scene_end(&scene);
    }
}

/* ---- Inferences ---- */

static void an_inference_is_repeated(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, busy, "", "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, NULL);
    assert_status(infer_bytes(&scene, NULL), DM_OK, NULL);
    assert_int_equal(scene_requests(&scene), 4);
    scene_end(&scene);
}

static void an_inference_is_not_repeated_with_submit_once(void **state)
{
    const dm_client_options options = {.submit_once = true};
    (void)state;
    for (int warm = 0; warm < 2; warm++) {
        struct scene scene;

        scene_init(&scene);
        if (warm)
            scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
        scene_break(&scene, FAULT_THEN_CLOSE);
        scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
        scene_start(&scene, &options);
        if (warm)
            assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
        assert_status(infer_bytes(&scene, NULL), DM_ERR_NETWORK, NULL);
        assert_true(scene.error.outcome_unknown);
        assert_string_equal(scene.error.task_id.text, "");
        assert_int_equal(scene_requests(&scene), 1 + (size_t)warm);
        scene_end(&scene);
    }
}

static void with_submit_once_an_inference_that_was_turned_away_is_repeated(void **state)
{
    const dm_client_options options = {.submit_once = true};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, come_back_at_once, "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, &options);
    assert_status(submit_bytes(&scene, NULL), DM_OK, NULL);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* ---- Deletes ---- */

static void a_broken_delete_that_then_finds_nothing_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

/* Here it is libcurl that sends the second time, without a word. */
/* nginx, Django and many a gateway say so in HTML. */
static void a_failed_delete_that_then_finds_a_page_of_nothing_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "500 Internal Server Error", "", "");
    scene_reply(&scene, "404 Not Found", "Content-Type: text/html\r\n", "<h1>Not Found</h1>");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

static void a_delete_that_broke_on_a_warm_connection_and_then_finds_nothing_has_succeeded(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_delete(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    scene_end(&scene);
}

static void a_delete_that_finds_nothing_at_once_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "404 Not Found", "", "{\"detail\":\"Not found.\"}");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

static void a_delete_that_was_turned_away_and_then_finds_nothing_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "429 Too Many Requests", "", "");
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_delete(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_int_equal(scene.error.attempts, 2);
    scene_end(&scene);
}

static void a_get_that_broke_and_then_finds_nothing_is_not_found(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_ERR_NOT_FOUND, &scene.error);
    assert_false(scene.error.outcome_unknown);
    scene_end(&scene);
}

/* ---- Files ---- */

static const char picture[] = "\xff\xd8\xff the bytes of a picture, more or less";

static char *picture_in(const char *folder)
{
    char *path = temp_path(folder, "picture.jpg");
    assert_non_null(path);
    assert_true(write_file(path, picture, sizeof picture));
    return path;
}

static bool holds_picture(const struct fault_request *request)
{
    return request->body_length == request->content_length &&
           memmem(request->body, request->body_kept, picture, sizeof picture) != NULL;
}

static void a_file_is_sent_whole_again(void **state)
{
    char *folder = temp_folder_new();
    char *path = picture_in(folder);
    const dm_input input = dm_image_file(path);
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, busy, "", "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(scene_submit(&scene, &input, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(holds_picture(scene_request(&scene, i)));
    scene_end(&scene);
    free(path);
    temp_folder_remove(folder);
}

/* Also if it is libcurl that repeats it, on a warm connection that is dead. */
static void a_file_is_sent_whole_again_by_libcurl(void **state)
{
    char *folder = temp_folder_new();
    char *path = picture_in(folder);
    const dm_input input = dm_image_file(path);
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", SCENE_ACCOUNT);
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, NULL);
    assert_status(scene_get(&scene, NULL), DM_OK, &scene.error);
    assert_status(scene_submit(&scene, &input, NULL), DM_OK, &scene.error);
    assert_true(holds_picture(scene_request(&scene, 1)));
    assert_true(holds_picture(scene_request(&scene, 2)));
    scene_end(&scene);
    free(path);
    temp_folder_remove(folder);
}

/* Changes the picture when the log says that there will be another attempt. */
struct meddler {
    const char *path;
    off_t size;
};

static void meddle(dm_log_level level, const char *line, void *data)
{
    const struct meddler *meddler = data;
    (void)line;
    if (level == DM_LOG_WARNING)
        assert_int_equal(truncate(meddler->path, meddler->size), 0);
}

static void a_file_that_changed_between_two_attempts_is_an_error(void **state)
{
    static const off_t sizes[] = {3, 0, (off_t)sizeof picture + 100};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *folder = temp_folder_new();
        char *path = picture_in(folder);
        const dm_input input = dm_image_file(path);
        struct meddler meddler = {path, sizes[i]};
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, busy, "", "");
        scene.server = fault_server_start(scene.steps, scene.step_count);
        const dm_client_options options = {.api_key = SCENE_KEY,
                                           .api_url = fault_server_url(scene.server),
                                           .retry_delay_ms = 2,
                                           .log = meddle,
                                           .log_data = &meddler};
        assert_status(dm_client_new(&options, &scene.client, &scene.error), DM_OK, &scene.error);
        assert_status(scene_submit(&scene, &input, NULL), DM_ERR_FILE, &scene.error);
        assert_non_null(strstr(scene.error.message, "changed"));
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
        free(path);
        temp_folder_remove(folder);
    }
}

/* ---- Waiting for a task ---- */

static void a_failing_question_does_not_end_the_wait(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, "", "");
    scene_break(&scene, FAULT_THEN_CLOSE);
    scene_reply(&scene, "200 OK", "", SCENE_PENDING);
    scene_break(&scene, FAULT_THEN_RESET);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, &options);
    assert_status(scene_wait(&scene, NULL), DM_OK, &scene.error);
    assert_int_equal(scene_requests(&scene), 5);
    scene_end(&scene);
}

static void a_wait_that_times_out_says_what_the_last_failure_was(void **state)
{
    const dm_client_options options = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};
    const dm_call_options call = {.timeout_ms = 300};
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, busy, "", "{\"detail\":\"gone fishing\"}");
    scene_start(&scene, &options);
    assert_status(scene_wait(&scene, &call), DM_ERR_TIMEOUT, &scene.error);
    assert_non_null(strstr(scene.error.message, "gone fishing"));
    assert_string_equal(scene.error.task_id.text, "123");
    /* The end of the time may break an attempt off before the server has heard of it. */
    assert_in_range(scene.error.attempts, scene_requests(&scene), scene_requests(&scene) + 1);
    scene_end(&scene);
}

static void a_lasting_failure_ends_the_wait(void **state)
{
    static const struct {
        const char *http;
        const char *body;
        dm_status status;
    } cases[] = {{"404 Not Found", "", DM_ERR_NOT_FOUND},
                 {"401 Unauthorized", "", DM_ERR_CREDENTIALS},
                 {"200 OK", "{", DM_ERR_BAD_RESPONSE},
                 {"200 OK", "{\"id\":\"123\",\"status\":\"undecided\"}", DM_ERR_BAD_RESPONSE}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scene scene;

        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", SCENE_PENDING);
        scene_reply(&scene, cases[i].http, "", cases[i].body);
        scene_start(&scene, NULL);
        assert_status(scene_wait(&scene, NULL), cases[i].status, &scene.error);
        assert_string_equal(scene.error.task_id.text, "123");
        assert_int_equal(scene_requests(&scene), 2);
        scene_end(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_passing_http_status_is_tried_again),
        cmocka_unit_test(a_lasting_http_status_is_not),
        cmocka_unit_test(a_broken_reply_is_tried_again),
        cmocka_unit_test(a_stalled_attempt_is_tried_again),
        cmocka_unit_test(no_more_attempts_are_made_than_max_attempts),
        cmocka_unit_test(five_attempts_are_made_by_default),
        cmocka_unit_test(repeatable_calls_are_repeated),
        cmocka_unit_test(retry_after_in_seconds_is_obeyed),
        cmocka_unit_test(retry_after_as_a_date_is_obeyed),
        cmocka_unit_test(retry_after_in_the_past_or_unreadable_leaves_the_usual_pause),
        cmocka_unit_test(retry_after_beyond_the_deadline_fails_at_once_and_says_so),
        cmocka_unit_test(retry_after_of_aeons_fails_at_once_too),
        cmocka_unit_test(a_wait_that_is_asked_to_pause_beyond_its_end_ends_at_once),
        cmocka_unit_test(a_create_that_broke_after_it_was_sent_is_not_sent_twice),
        cmocka_unit_test(a_create_whose_reply_is_cut_is_not_sent_twice),
        cmocka_unit_test(a_create_is_not_sent_twice_after_a_get_has_warmed_the_connection),
        cmocka_unit_test(an_update_on_a_dead_warm_connection_succeeds),
        cmocka_unit_test(connections_that_die_when_idle_never_fail_a_call),
        cmocka_unit_test(a_create_that_was_turned_away_is_repeated),
        cmocka_unit_test(a_create_that_failed_without_saying_more_is_not_repeated),
        cmocka_unit_test(an_earlier_retry_after_does_not_count_for_the_next_failure),
        cmocka_unit_test(a_create_that_is_refused_outright_has_a_known_outcome),
        cmocka_unit_test(a_refused_connection_is_tried_again_even_for_a_create),
        cmocka_unit_test(a_create_that_gets_no_tunnel_through_a_proxy_has_a_known_outcome),
        cmocka_unit_test(a_proxy_that_refuses_a_tunnel_for_now_is_asked_again),
        cmocka_unit_test(an_inference_is_repeated),
        cmocka_unit_test(an_inference_is_not_repeated_with_submit_once),
        cmocka_unit_test(with_submit_once_an_inference_that_was_turned_away_is_repeated),
        cmocka_unit_test(a_broken_delete_that_then_finds_nothing_has_succeeded),
        cmocka_unit_test(a_failed_delete_that_then_finds_a_page_of_nothing_has_succeeded),
        cmocka_unit_test(a_delete_that_broke_on_a_warm_connection_and_then_finds_nothing_has_succeeded),
        cmocka_unit_test(a_delete_that_finds_nothing_at_once_is_not_found),
        cmocka_unit_test(a_delete_that_was_turned_away_and_then_finds_nothing_is_not_found),
        cmocka_unit_test(a_get_that_broke_and_then_finds_nothing_is_not_found),
        cmocka_unit_test(a_file_is_sent_whole_again),
        cmocka_unit_test(a_file_is_sent_whole_again_by_libcurl),
        cmocka_unit_test(a_file_that_changed_between_two_attempts_is_an_error),
        cmocka_unit_test(a_failing_question_does_not_end_the_wait),
        cmocka_unit_test(a_wait_that_times_out_says_what_the_last_failure_was),
        cmocka_unit_test(a_lasting_failure_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

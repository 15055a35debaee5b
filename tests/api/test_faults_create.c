/* Creates and inferences: which requests may be sent twice, and when the outcome is unknown. */
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "scene.h"
#include "test.h"

#include <stdlib.h>
#include <string.h>

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
        assert_non_null(strstr(scene.error.message, "may still have processed it"));
        assert_int_equal(scene.error.attempts, 1);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
    }
}

/* libcurl sends a body of up to 64 KiB together with the head, and counts its bytes differently from those of a
 * larger one. */
static void a_create_of_any_size_that_was_sent_completely_is_not_sent_twice(void **state)
{
    static const size_t sizes[] = {1000, 16000, 60000, 65000, 66000, 100000, 1000000, 8000000};
    static const enum fault_ending endings[] = {FAULT_THEN_CLOSE, FAULT_THEN_RESET};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(sizes); i++) {
        const dm_label label = {.id = 1, .name = "hot dog"};
        const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
        char *description = calloc(1, sizes[i / 2] + 1);
        dm_spec *spec = NULL;
        struct scene scene;

        assert_non_null(description);
        memset(description, 'a', sizes[i / 2]);
        const dm_spec_create_options options = {.description = description};
        scene_init(&scene);
        scene_break(&scene, endings[i % 2]);
        scene_reply(&scene, "200 OK", "", SCENE_SPEC);
        scene_start(&scene, NULL);
        const dm_status status = dm_spec_create(scene.client, "s", &output, 1, &options, NULL, &spec, &scene.error);
        assert_status(scene_check(&scene, status), DM_ERR_NETWORK, &scene.error);
        assert_true(scene.error.outcome_unknown);
        assert_int_equal(scene_requests(&scene), 1);
        scene_end(&scene);
        free(description);
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

/* On a reused connection, libcurl repeats a request by itself. */
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

/* This shows that the test above can fail: libcurl does repeat a request that may be repeated. */
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
    assert_int_equal(scene_request(&scene, 0)->connection, scene_request(&scene, 1)->connection);
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

static void a_create_that_was_refused_with_429_or_retry_after_is_repeated(void **state)
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

static void a_create_that_failed_with_408_or_5xx_without_retry_after_is_not_repeated(void **state)
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
    scene_reply(&scene, SCENE_BUSY, "Retry-After: 1\r\n", "");
    scene_reply(&scene, SCENE_BUSY, "", "");
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

/* The address of a server that has been stopped: its port is free. */
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
    static scene_call *const calls[] = {scene_get, scene_create, scene_create_version, scene_delete,
                                        scene_submit_image};
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

/* The proxy received a CONNECT, but the service received no request. */
static void a_create_that_gets_no_tunnel_through_a_proxy_has_a_known_outcome(void **state)
{
    dm_client_options options = {.api_url = "https://api.invalid", .max_attempts = 2};
    struct scene scene;
    (void)state;
    libcurl_needs_tls();
    libcurl_needs_proxies();

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

static void a_proxy_that_refuses_a_tunnel_temporarily_is_retried(void **state)
{
    static const struct {
        const char *http;
        int attempts;
    } cases[] = {{"400 Bad Request", 1},     {"403 Forbidden", 1},         {"407 Proxy Authentication Required", 1},
                 {"408 Request Timeout", 3}, {"429 Too Many Requests", 3}, {"502 Bad Gateway", 3}};
    (void)state;
    libcurl_needs_tls();
    libcurl_needs_proxies();
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
    scene_reply(&scene, SCENE_BUSY, "", "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_reply(&scene, "200 OK", "", SCENE_SUCCESS);
    scene_start(&scene, NULL);
    assert_status(scene_infer_image(&scene, NULL), DM_OK, NULL);
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
        assert_status(scene_infer_image(&scene, NULL), DM_ERR_NETWORK, NULL);
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
    scene_reply(&scene, SCENE_BUSY, SCENE_RETRY_AT_ONCE, "");
    scene_reply(&scene, "200 OK", "", SCENE_TASK_ID);
    scene_start(&scene, &options);
    assert_status(scene_submit_image(&scene, NULL), DM_OK, NULL);
    assert_int_equal(scene_requests(&scene), 2);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_create_that_broke_after_it_was_sent_is_not_sent_twice),
        cmocka_unit_test(a_create_of_any_size_that_was_sent_completely_is_not_sent_twice),
        cmocka_unit_test(a_create_whose_reply_is_cut_is_not_sent_twice),
        cmocka_unit_test(a_create_is_not_sent_twice_after_a_get_has_warmed_the_connection),
        cmocka_unit_test(an_update_on_a_dead_warm_connection_succeeds),
        cmocka_unit_test(connections_that_die_when_idle_never_fail_a_call),
        cmocka_unit_test(a_create_that_was_refused_with_429_or_retry_after_is_repeated),
        cmocka_unit_test(a_create_that_failed_with_408_or_5xx_without_retry_after_is_not_repeated),
        cmocka_unit_test(an_earlier_retry_after_does_not_count_for_the_next_failure),
        cmocka_unit_test(a_create_that_is_refused_outright_has_a_known_outcome),
        cmocka_unit_test(a_refused_connection_is_tried_again_even_for_a_create),
        cmocka_unit_test(a_create_that_gets_no_tunnel_through_a_proxy_has_a_known_outcome),
        cmocka_unit_test(a_proxy_that_refuses_a_tunnel_temporarily_is_retried),
        cmocka_unit_test(an_inference_is_repeated),
        cmocka_unit_test(an_inference_is_not_repeated_with_submit_once),
        cmocka_unit_test(with_submit_once_an_inference_that_was_turned_away_is_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

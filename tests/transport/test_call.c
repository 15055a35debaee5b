#include "client/call.h"

#include "api/poll.h"
#include "base/clock.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <string.h>

enum { LONG_MS = 30 * 1000, TOO_LONG_MS = LONG_MS / 2 };

static void begin(struct call *call, struct scene *scene, const dm_call_options *options)
{
    call_open(call, scene->client, NULL, NULL, options, &scene->error);
    assert_true(call_is_well(call));
    request_append_name(&call->request, "x");
}

/* A call of a client that has no server. */
static void begin_alone(struct call *call, struct scene *scene, const dm_call_options *options)
{
    scene_init(scene);
    scene_start_at(scene, "http://127.0.0.1:1", NULL);
    begin(call, scene, options);
}

/* ---- Opening and closing ---- */

static void a_call_without_a_client_or_a_result_pointer_is_refused(void **state)
{
    dm_error error;
    struct call call;
    struct scene scene;
    (void)state;

    call_open(&call, NULL, NULL, NULL, NULL, &error);
    assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "client must not be NULL"));

    scene_init(&scene);
    scene_start_at(&scene, "http://127.0.0.1:1", NULL);
    call_open(&call, scene.client, "spec", NULL, NULL, &error);
    assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(error.message, "spec must not be NULL"));
    call_open(&call, scene.client, "spec", NULL, NULL, NULL);
    assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
    scene_end(&scene);
}

static void the_calls_timeout_overrides_the_clients(void **state)
{
    static const struct {
        int64_t of_call;
        int64_t of_client;
        int64_t wanted; /* -1: none */
    } cases[] = {{0, 1000000, 1000000}, {2000000, 1000000, 2000000}, {-1, 1000000, -1},
                 {0, -1, -1},           {5000000, -1, 5000000},      {INT64_MAX, 1000000, -1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dm_client_options options = {.timeout_ms = cases[i].of_client};
        const dm_call_options own = {.timeout_ms = cases[i].of_call};
        struct call call;
        struct scene scene;

        scene_init(&scene);
        scene_start_at(&scene, "http://127.0.0.1:1", &options);
        const int64_t before = clock_now();
        call_open(&call, scene.client, NULL, NULL, &own, NULL);
        const int64_t after = clock_now();
        if (cases[i].wanted < 0) {
            assert_true(call.deadline == CLOCK_NEVER);
        } else {
            assert_true(call.deadline >= before + cases[i].wanted);
            assert_true(call.deadline <= after + cases[i].wanted);
        }
        assert_int_equal(call_close(&call), DM_OK);
        scene_end(&scene);
    }
}

static void the_first_failure_sticks(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    assert_false(failure_set(&call.failure, DM_ERR_FILE, "the first"));
    assert_false(failure_no_memory(&call.failure));
    call_send(&call); /* does nothing: sending would block */
    call_pause(&call, LONG_MS);
    assert_int_equal(call.attempts, 0);
    assert_int_equal(call_close(&call), DM_ERR_FILE);
    scene_end(&scene);
}

static void a_success_clears_the_error_and_a_failure_hides_the_key(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    failure_set(&call.failure, DM_ERR_FILE, "a passing remark");
    call.failure.status = DM_DONE;
    assert_int_equal(call_close(&call), DM_DONE);
    assert_string_equal(scene.error.message, "");

    begin(&call, &scene, NULL);
    failure_set(&call.failure, DM_ERR_FILE, "it is %s!", SCENE_KEY);
    assert_int_equal(call_close(&call), DM_ERR_FILE);
    assert_string_equal(scene.error.message, "it is ******************************!");
    scene_end(&scene);
}

static void a_new_request_replaces_the_previous_one(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    text_append_string(&call.request.body.text, "{}");
    call.request.not_repeatable = true;
    call_begin_request(&call, "DELETE");
    assert_string_equal(call.request.method, "DELETE");
    assert_int_equal(call.request.target.length, 0);
    assert_int_equal(call.request.body.text.length, 0);
    assert_false(call.request.not_repeatable);
    assert_int_equal(call_close(&call), DM_OK);
    scene_end(&scene);
}

/* ---- Sending ---- */

static void a_reply_has_the_subject_of_its_request(void **state)
{
    char subject[128];
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", "{\"a\":1}");
    scene_start(&scene, NULL);
    begin(&call, &scene, NULL);
    call_send(&call);
    assert_true(call_is_well(&call));
    assert_string_equal(call.reply.body.data, "{\"a\":1}");
    snprintf(subject, sizeof subject, "GET %s/v0.7/x", fault_server_url(scene.server));
    assert_string_equal(call.reply.subject, subject);
    assert_string_equal(scene_request(&scene, 0)->target, "/v0.7/x");
    assert_int_equal(call_close(&call), DM_OK);
    scene_end(&scene);
}

static void attempts_are_counted_over_all_requests_of_a_call(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_reply(&scene, "200 OK", "", "{}");
    scene_reply(&scene, "404 Not Found", "", "");
    scene_start(&scene, NULL);
    begin(&call, &scene, NULL);
    call_send(&call);
    assert_int_equal(call.attempts, 2);
    call_begin_request(&call, "GET");
    request_append_name(&call.request, "y");
    call_send(&call);
    assert_int_equal(call_close(&call), DM_ERR_NOT_FOUND);
    assert_int_equal(scene.error.attempts, 3);
    assert_int_equal(scene.error.http_status, 404);
    assert_int_equal(fault_server_connection_count(scene.server), 1);
    scene_end(&scene);
}

static void a_request_that_could_not_be_written_is_not_sent(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    call.request.target.status = DM_ERR_TOO_LARGE;
    call_send(&call);
    assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
    assert_non_null(strstr(scene.error.message, "too large to be sent"));
    assert_int_equal(scene.error.attempts, 0);
    scene_end(&scene);
}

/* ---- Forgiving ---- */

static void only_a_transient_failure_is_forgiven(void **state)
{
    static const struct {
        const char *http;
        bool forgiven;
    } cases[] = {{"503 Service Unavailable", true},
                 {"429 Too Many Requests", true},
                 {"404 Not Found", false},
                 {"401 Unauthorized", false}};
    const dm_client_options options = {.max_attempts = 1};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct call call;
        struct scene scene;
        scene_init(&scene);
        scene_reply(&scene, cases[i].http, "", "");
        scene_start(&scene, &options);
        begin(&call, &scene, NULL);
        call_send(&call);
        struct poll poll = {0};
        assert_false(call_is_well(&call));
        poll_forgive(&poll, &call);
        assert_int_equal(call_is_well(&call), cases[i].forgiven);
        assert_non_null(strstr(poll.last_failure, "HTTP "));
        call_close(&call);
        scene_end(&scene);
    }
}

static void a_failure_after_the_reply_is_not_forgiven(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", "[");
    scene_start(&scene, NULL);
    begin(&call, &scene, NULL);
    call_send(&call);
    failure_set(&call.failure, DM_ERR_BAD_RESPONSE, "not valid JSON");
    struct poll poll = {0};
    poll_forgive(&poll, &call);
    assert_int_equal(call_close(&call), DM_ERR_BAD_RESPONSE);
    scene_end(&scene);
}

/* Otherwise a wait for a task would loop for ever: each poll is cancelled, and the failure is ignored. */
static void a_cancel_in_the_pause_after_a_transient_failure_is_not_forgiven(void **state)
{
    const dm_client_options options = {.max_attempts = 1};
    dm_call_options own = {0};
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_start(&scene, &options);
    assert_int_equal(dm_cancel_new(&own.cancel, NULL), DM_OK);
    begin(&call, &scene, &own);
    call_send(&call);
    struct poll poll = {0};
    poll_forgive(&poll, &call);
    assert_true(call_is_well(&call));
    dm_cancel_fire(own.cancel);
    call_pause(&call, LONG_MS);
    poll_forgive(&poll, &call);
    assert_int_equal(call.failure.status, DM_ERR_CANCELLED);
    assert_false(poll_wait(&poll, &call));
    assert_int_equal(call_close(&call), DM_ERR_CANCELLED);
    scene_end(&scene);
    dm_cancel_free(own.cancel);
}

/* A request that could not be sent fails for a different reason. */
static void a_failure_before_the_next_request_is_sent_is_not_forgiven(void **state)
{
    const dm_client_options options = {.max_attempts = 1};
    struct poll poll = {0};
    struct call call;
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "503 Service Unavailable", "", "");
    scene_start(&scene, &options);
    begin(&call, &scene, NULL);
    call_send(&call);
    poll_forgive(&poll, &call);
    assert_true(call_is_well(&call));
    call_begin_request(&call, "GET");
    call.request.target.status = DM_ERR_TOO_LARGE;
    call_send(&call);
    poll_forgive(&poll, &call);
    assert_int_equal(call_close(&call), DM_ERR_INVALID_ARGUMENT);
    scene_end(&scene);
}

/* ---- Pausing ---- */

static void a_pause_lasts_for_its_time(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    const int64_t begun = clock_now();
    call_pause(&call, 50);
    assert_true(clock_now() - begun >= 50);
    assert_true(clock_now() - begun < TOO_LONG_MS);
    assert_int_equal(call_close(&call), DM_OK);
    scene_end(&scene);
}

static void a_pause_ends_with_the_calls_time(void **state)
{
    const dm_call_options own = {.timeout_ms = 50};
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, &own);
    const int64_t begun = clock_now();
    call_pause(&call, LONG_MS);
    assert_true(clock_now() - begun < TOO_LONG_MS);
    assert_false(call_has_time(&call));
    assert_int_equal(call_close(&call), DM_OK);
    scene_end(&scene);
}

static void random_numbers_lie_between_0_and_1(void **state)
{
    struct call call;
    struct scene scene;
    (void)state;

    begin_alone(&call, &scene, NULL);
    const double first = client_random(scene.client);
    bool differs = false;
    for (int i = 0; i < 100; i++) {
        const double next = client_random(scene.client);
        assert_true(next >= 0 && next < 1);
        differs |= next < first || next > first;
    }
    assert_true(differs);
    assert_int_equal(call_close(&call), DM_OK);
    scene_end(&scene);
}

static void the_subject_of_a_long_request_shows_that_it_was_cut(void **state)
{
    static const struct {
        size_t length;
        bool cut;
    } cases[] = {{200, false}, {201, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char name[256];
        struct scene scene;
        struct call call;

        scene_init(&scene);
        scene_reply(&scene, "200 OK", "", "{}");
        scene_start(&scene, NULL);
        begin(&call, &scene, NULL); /* "/x" */
        memset(name, 'a', cases[i].length - 3);
        name[cases[i].length - 3] = '\0';
        request_append_name(&call.request, name);
        call_send(&call);
        const size_t length = strlen(call.reply.subject);
        assert_int_equal(strcmp(call.reply.subject + length - 3, "...") == 0, cases[i].cut);
        assert_int_equal(call_close(&call), DM_OK);
        scene_end(&scene);
    }
}

static void the_key_is_not_in_the_subject_not_even_where_it_is_cut(void **state)
{
    struct scene scene;
    (void)state;

    scene_init(&scene);
    scene_reply(&scene, "200 OK", "", "{}");
    scene_start(&scene, NULL);
    for (size_t before = 160; before < 200; before++) {
        char name[256];
        struct call call;

        snprintf(name, sizeof name, "%0*d" SCENE_KEY "tail", (int)before, 0);
        begin(&call, &scene, NULL); /* "/x" */
        request_append_name(&call.request, name);
        call_send(&call);
        assert_null(strstr(call.reply.subject, "k3y-"));
        assert_int_equal(call_close(&call), DM_OK);
    }
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_without_a_client_or_a_result_pointer_is_refused),
        cmocka_unit_test(the_calls_timeout_overrides_the_clients),
        cmocka_unit_test(the_first_failure_sticks),
        cmocka_unit_test(a_success_clears_the_error_and_a_failure_hides_the_key),
        cmocka_unit_test(a_new_request_replaces_the_previous_one),
        cmocka_unit_test(a_reply_has_the_subject_of_its_request),
        cmocka_unit_test(attempts_are_counted_over_all_requests_of_a_call),
        cmocka_unit_test(a_request_that_could_not_be_written_is_not_sent),
        cmocka_unit_test(only_a_transient_failure_is_forgiven),
        cmocka_unit_test(a_failure_after_the_reply_is_not_forgiven),
        cmocka_unit_test(a_cancel_in_the_pause_after_a_transient_failure_is_not_forgiven),
        cmocka_unit_test(a_failure_before_the_next_request_is_sent_is_not_forgiven),
        cmocka_unit_test(a_pause_lasts_for_its_time),
        cmocka_unit_test(a_pause_ends_with_the_calls_time),
        cmocka_unit_test(random_numbers_lie_between_0_and_1),
        cmocka_unit_test(the_subject_of_a_long_request_shows_that_it_was_cut),
        cmocka_unit_test(the_key_is_not_in_the_subject_not_even_where_it_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

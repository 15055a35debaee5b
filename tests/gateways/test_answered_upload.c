/* Servers that answer an upload before they have read it, and then end the connection in different ways: the answer
 * counts. */
#include <deepomatic.h>

#include "api_test.h"
#include "clock_ms.h"
#include "scene.h"
#include "test.h"
#include "upload_test.h"

#include <stdio.h>
#include <string.h>

/* ---- An early answer, followed by an RST ---- */

enum { RUNS = 600 };

static const struct refusal {
    const char *line;
    int http_status;
    dm_status status;
} refusals[] = {
    {"413 Content Too Large", 413, DM_ERR_REJECTED},
    {"403 Forbidden", 403, DM_ERR_CREDENTIALS},
    {"401 Unauthorized", 401, DM_ERR_CREDENTIALS},
};

static const size_t lengths[] = {0, 100 * KB, 1000 * KB, 8000 * KB};

/* One of many runs. Returns false, and prints a line, if the image was sent twice: if the reset after the answer
 * arrives during a send, libcurl closes the connection without reading the answer. Even then the call must return
 * the answer, with a known outcome. */
static bool refusal_arrives_at_once(enum ending ending, dm_client_options options, size_t run)
{
    const struct refusal *refusal = &refusals[run % 3];
    const struct plan plan = {.length = lengths[run % 4],
                              .status = refusal->line,
                              .body = "{\"detail\":\"no\"}",
                              .says_close = run / 12 % 2 != 0,
                              .ending = ending};

    start(&stage, plan, plan, options);
    const dm_status status = submit_bytes(&stage.scene, NULL);
    end(&stage);
    const dm_error *error = &stage.scene.error;
    if (status != refusal->status || error->http_status != refusal->http_status || error->outcome_unknown ||
        strcmp(error->server_message, "no") != 0)
        fail_msg("run %zu, HTTP %d after %zu bytes: %s, outcome_unknown %d: %s", run, refusal->http_status, plan.length,
                 dm_status_name(status), error->outcome_unknown, error->message);
    if (stage.server.uploads > 1)
        print_message("           run %zu, HTTP %d after %zu bytes: %zu uploads\n", run, refusal->http_status,
                      plan.length, stage.server.uploads);
    return stage.server.uploads == 1;
}

static void assert_refusals_arrive(enum ending ending, dm_client_options options)
{
    size_t repeated = 0;

    for (size_t run = 0; run < RUNS; run++)
        repeated += !refusal_arrives_at_once(ending, options, run);
    if (repeated > RUNS / 10)
        fail_msg("%s: %zu of %d images were sent more than once", ending_names[ending], repeated, (int)RUNS);
}

static void an_early_answer_before_a_close_arrives_with_one_attempt(void **state)
{
    (void)state;
    assert_refusals_arrive(CLOSE, (dm_client_options){.max_attempts = 1});
}

static void an_early_answer_before_a_close_arrives_with_submit_once(void **state)
{
    (void)state;
    assert_refusals_arrive(CLOSE, (dm_client_options){.submit_once = true});
}

static void an_early_answer_before_a_reset_arrives_with_one_attempt(void **state)
{
    (void)state;
    assert_refusals_arrive(RESET, (dm_client_options){.max_attempts = 1});
}

static void an_early_answer_before_a_reset_arrives_with_submit_once(void **state)
{
    (void)state;
    assert_refusals_arrive(RESET, (dm_client_options){.submit_once = true});
}

/* ---- A success that arrives before the upload has ended ---- */

/* libcurl handles a reply with "Connection: close" differently. In both cases the call must return within the stall
 * time, plus some time for a busy machine. */
enum { IN_TIME_MS = 4000 };

static bool success_counts_at_once(const struct upload *upload, enum ending ending, bool says_close)
{
    const struct plan plan = {
        .length = CUT_AT, .status = "201 Created", .body = upload->answer, .says_close = says_close, .ending = ending};
    const long long begun = now_ms();

    start(&stage, plan, plan,
          (dm_client_options){.submit_once = upload->submit_once, .stall_timeout_ms = STALL_MS, .max_attempts = 3});
    const dm_status status = upload->send(&stage.scene, NULL);
    const long long elapsed_ms = now_ms() - begun;
    end(&stage);
    if (status == DM_OK && stage.server.uploads == 1 && elapsed_ms < IN_TIME_MS)
        return true;
    if (status != DM_OK)
        fail_msg("%s, %s: %s", upload->name, ending_names[ending], stage.scene.error.message);
    print_message("           %s, %s%s: %zu uploads, %lld ms, %s: %s\n", upload->name, ending_names[ending],
                  says_close ? ", and it says so" : "", stage.server.uploads, elapsed_ms, dm_status_name(status),
                  stage.scene.error.message);
    return false;
}

static void assert_success_counts(enum ending ending, size_t runs)
{
    size_t late = 0;

    for (size_t i = 0; i < UPLOADS * runs; i++)
        late += !success_counts_at_once(&uploads[i % UPLOADS], ending, i % 2 != 0);
    if (late > UPLOADS * runs / 10)
        fail_msg("%s: %zu of %zu answers were late", ending_names[ending], late, UPLOADS * runs);
}

static void a_success_counts_when_the_server_closes(void **state)
{
    (void)state;
    assert_success_counts(CLOSE, 4);
}

static void a_success_counts_when_the_server_resets(void **state)
{
    (void)state;
    assert_success_counts(RESET, 4);
}

static void a_success_counts_when_the_server_closes_gently(void **state)
{
    (void)state;
    assert_success_counts(CLOSE_GENTLY, 4);
}

static void a_success_counts_when_the_server_stops_reading(void **state)
{
    (void)state;
    assert_success_counts(STOP_READING, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_early_answer_before_a_close_arrives_with_one_attempt),
        cmocka_unit_test(an_early_answer_before_a_close_arrives_with_submit_once),
        cmocka_unit_test(an_early_answer_before_a_reset_arrives_with_one_attempt),
        cmocka_unit_test(an_early_answer_before_a_reset_arrives_with_submit_once),
        cmocka_unit_test(a_success_counts_when_the_server_closes),
        cmocka_unit_test(a_success_counts_when_the_server_resets),
        cmocka_unit_test(a_success_counts_when_the_server_closes_gently),
        cmocka_unit_test(a_success_counts_when_the_server_stops_reading),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, make_uploads, free_uploads);
}

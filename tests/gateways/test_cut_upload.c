/* Servers that break the connection in the middle of an upload, or stall. An upload that was cut was not processed
 * and may be sent again. */
#include <deepomatic.h>

#include "api_test.h"
#include "scene.h"
#include "test.h"
#include "upload_test.h"

/* ---- An upload that is cut ---- */

enum { CUT_RUNS = 3 };

static struct plan cut(enum ending ending)
{
    return (struct plan){.length = CUT_AT, .ending = ending};
}

static struct plan answer(const struct upload *upload)
{
    return (struct plan){
        .length = ALL, .status = "201 Created", .body = upload->answer, .says_close = true, .ending = CLOSE};
}

/* The first upload is cut off, the second one arrives completely. */
static bool cut_is_repeated(const struct upload *upload, enum ending ending)
{
    start(&stage, cut(ending), answer(upload),
          (dm_client_options){.submit_once = upload->submit_once, .stall_timeout_ms = STALL_MS});
    const dm_status status = upload->send(&stage.scene, NULL);
    end(&stage);
    const struct upload_server *server = &stage.server;
    if (status == DM_OK && server->uploads == 2 && !server->whole[0] && server->whole[1] && server->lengths[1] > UPLOAD)
        return true;
    print_message("           %s, %s: %zu uploads, %s, outcome_unknown %d: %s\n", upload->name, ending_names[ending],
                  server->uploads, dm_status_name(status), stage.scene.error.outcome_unknown,
                  stage.scene.error.message);
    return false;
}

static void assert_cuts_are_repeated(enum ending ending, size_t runs)
{
    size_t failed = 0;

    for (size_t i = 0; i < UPLOADS * runs; i++)
        failed += !cut_is_repeated(&uploads[i % UPLOADS], ending);
    if (failed > 0)
        fail_msg("%s: %zu of %zu calls failed", ending_names[ending], failed, UPLOADS * runs);
}

static void an_upload_that_is_reset_is_repeated(void **state)
{
    (void)state;
    assert_cuts_are_repeated(RESET, CUT_RUNS);
}

static void an_upload_that_is_closed_is_repeated(void **state)
{
    (void)state;
    assert_cuts_are_repeated(CLOSE, CUT_RUNS);
}

static void an_upload_that_gets_stuck_is_repeated(void **state)
{
    (void)state;
    assert_cuts_are_repeated(STOP_READING, 1);
}

/* An answer may be lost with a broken connection, so there is one more attempt; a silent connection has no answer. */
static bool cut_leaves_no_doubt(const struct upload *upload, enum ending ending, dm_status expected)
{
    start(&stage, cut(ending), cut(ending),
          (dm_client_options){.submit_once = upload->submit_once, .max_attempts = 1, .stall_timeout_ms = STALL_MS});
    const dm_status status = upload->send(&stage.scene, NULL);
    end(&stage);
    const dm_error *error = &stage.scene.error;
    if (status == expected && !error->outcome_unknown && stage.server.uploads == (expected == DM_ERR_NETWORK ? 2 : 1))
        return true;
    print_message("           %s, %s: %zu uploads, %s, outcome_unknown %d: %s\n", upload->name, ending_names[ending],
                  stage.server.uploads, dm_status_name(status), error->outcome_unknown, error->message);
    return false;
}

static void assert_cuts_leave_no_doubt(enum ending ending, dm_status expected)
{
    size_t failed = 0;

    for (size_t i = 0; i < UPLOADS; i++)
        failed += !cut_leaves_no_doubt(&uploads[i], ending, expected);
    if (failed > 0)
        fail_msg("%s: the outcome of %zu of %d calls is unknown", ending_names[ending], failed, (int)UPLOADS);
}

static void an_upload_that_is_reset_has_a_known_outcome(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(RESET, DM_ERR_NETWORK);
}

static void an_upload_that_is_closed_has_a_known_outcome(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(CLOSE, DM_ERR_NETWORK);
}

static void an_upload_that_gets_stuck_has_a_known_outcome(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(STOP_READING, DM_ERR_TIMEOUT);
}

/* The call's deadline ends the upload. */
static void an_upload_that_runs_out_of_time_has_a_known_outcome(void **state)
{
    const dm_call_options call = {.timeout_ms = 300};
    (void)state;

    for (size_t i = 0; i < UPLOADS; i++) {
        start(&stage, cut(STOP_READING), cut(STOP_READING), (dm_client_options){.submit_once = uploads[i].submit_once});
        assert_int_equal(uploads[i].send(&stage.scene, &call), DM_ERR_TIMEOUT);
        end(&stage);
        assert_true(stage.server.uploads <= 1); /* 0 if a busy machine has sent less than CUT_AT bytes */
        if (stage.scene.error.outcome_unknown)
            fail_msg("%s: %s", uploads[i].name, stage.scene.error.message);
    }
}

/* ---- An upload that arrived completely, without an answer ---- */

static void assert_doubt(dm_status status)
{
    assert_int_equal(status, DM_ERR_NETWORK);
    assert_true(stage.scene.error.outcome_unknown);
    assert_int_equal(stage.server.uploads, 1);
    assert_true(stage.server.whole[0]);
}

/* Also a large upload, because its last byte has been sent. */
static void an_upload_that_arrived_whole_has_an_unknown_outcome(void **state)
{
    static const enum ending endings[] = {CLOSE, RESET};
    const dm_input image = scene_image();
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        const struct plan plan = {.length = ALL, .ending = endings[i]};
        start(&stage, plan, plan, (dm_client_options){.submit_once = true});
        const dm_status small = scene_submit(&stage.scene, &image, NULL);
        end(&stage);
        assert_doubt(small);
        start(&stage, plan, plan, (dm_client_options){0});
        const dm_status small_create = scene_create(&stage.scene, NULL);
        end(&stage);
        assert_doubt(small_create);
        start(&stage, plan, plan, (dm_client_options){.submit_once = true});
        const dm_status large = submit_bytes(&stage.scene, NULL);
        end(&stage);
        assert_doubt(large);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_upload_that_is_reset_is_repeated),
        cmocka_unit_test(an_upload_that_is_closed_is_repeated),
        cmocka_unit_test(an_upload_that_gets_stuck_is_repeated),
        cmocka_unit_test(an_upload_that_is_reset_has_a_known_outcome),
        cmocka_unit_test(an_upload_that_is_closed_has_a_known_outcome),
        cmocka_unit_test(an_upload_that_gets_stuck_has_a_known_outcome),
        cmocka_unit_test(an_upload_that_runs_out_of_time_has_a_known_outcome),
        cmocka_unit_test(an_upload_that_arrived_whole_has_an_unknown_outcome),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, make_uploads, free_uploads);
}

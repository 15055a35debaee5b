/* Servers that do not read an upload to its end: they answer at once and hang up, or break the connection, or fall
 * silent. An answer that has arrived counts; what was cut was not carried out, and may be sent again. */
#include <deepomatic.h>

#include "api_test.h"
#include "clock_ms.h"
#include "raw_server.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { KB = 1000, CUT_AT = 100 * KB, UPLOAD = 30 * 1000 * KB };

#define ALL SIZE_MAX

/* ---- The server ---- */

enum ending {
    CLOSE,        /* with unread bytes, so the kernel sends an RST */
    RESET,        /* RST at once */
    CLOSE_GENTLY, /* shuts down its sending side, and reads on */
    STOP_READING, /* keeps the connection open, and reads nothing more */
    ENDINGS
};

static const char *const ending_names[ENDINGS] = {"close", "reset", "close gently", "stop reading"};

/* What it does with one request. */
struct plan {
    size_t length; /* bytes of the body to read first */
    const char *status;
    const char *body; /* NULL: no reply */
    bool says_close;  /* the reply does, with Connection: close */
    enum ending ending;
};

enum { MAX_UPLOADS = 8 };

struct upload_server {
    struct plan plans[2]; /* of the first request, and of all others */
    struct raw_request request;
    size_t uploads;
    size_t lengths[MAX_UPLOADS]; /* bytes of the body that were read */
    bool whole[MAX_UPLOADS];
    struct raw_server *server;
};

static void await_unread_bytes(int connection)
{
    char byte;

    (void)!recv(connection, &byte, 1, MSG_PEEK);
}

static void read_on(int connection, struct raw_request *request)
{
    shutdown(connection, SHUT_WR);
    raw_read_body(connection, request, ALL);
}

static bool end_connection(struct upload_server *server, int connection, enum ending ending)
{
    if (ending == CLOSE && server->request.body_length < server->request.content_length)
        await_unread_bytes(connection);
    if (ending == RESET)
        raw_reset_at_close(connection);
    if (ending == CLOSE_GENTLY)
        read_on(connection, &server->request);
    return ending == STOP_READING;
}

static void record(struct upload_server *server)
{
    const size_t index = server->uploads++;

    if (index >= MAX_UPLOADS)
        return;
    server->lengths[index] = server->request.body_length;
    server->whole[index] = server->request.body_length == server->request.content_length;
}

static bool serve_upload(int connection, void *data)
{
    struct upload_server *server = data;
    const struct plan *plan = &server->plans[server->uploads > 0];

    if (!raw_read_head(connection, &server->request))
        return false;
    raw_read_body(connection, &server->request, plan->length);
    record(server);
    if (plan->body != NULL)
        raw_reply(connection, plan->status, plan->says_close ? "Connection: close\r\n" : "", plan->body);
    return end_connection(server, connection, plan->ending);
}

/* ---- A server and its client ---- */

struct stage {
    struct upload_server server;
    struct scene scene;
};

static void start(struct stage *stage, struct plan first, struct plan others, dm_client_options options)
{
    stage->server = (struct upload_server){.plans = {first, others}};
    stage->server.server = raw_server_start(serve_upload, &stage->server);
    assert_non_null(stage->server.server);
    scene_init(&stage->scene);
    scene_start_at(&stage->scene, raw_server_url(stage->server.server), &options);
}

/* After this, the server's counters may be read. */
static void end(struct stage *stage)
{
    scene_end(&stage->scene);
    raw_server_stop(stage->server.server);
}

static struct stage stage; /* large */

/* ---- What is sent: 30 MB in all forms ---- */

static char *image_bytes;
static char *folder;
static char *image_path;
static char *metadata;         /* JSON text of an object */
static char *post_processings; /* JSON text of an array */

static char *make_json(const char *begin, const char *ending)
{
    char *text = malloc(UPLOAD + 1);

    if (text == NULL)
        return NULL;
    memset(text, 'x', UPLOAD);
    memcpy(text, begin, strlen(begin));
    strcpy(text + UPLOAD - strlen(ending), ending);
    return text;
}

static int make_uploads(void **state)
{
    (void)state;
    image_bytes = calloc(1, UPLOAD);
    folder = temp_folder_new();
    image_path = folder != NULL ? temp_path(folder, "large.jpg") : NULL;
    metadata = make_json("{\"a\":\"", "\"}");
    post_processings = make_json("[\"", "\"]");
    return image_bytes != NULL && image_path != NULL && metadata != NULL && post_processings != NULL &&
                   write_file_of_size(image_path, UPLOAD, "\xff\xd8\xff", 3)
               ? 0
               : -1;
}

static int free_uploads(void **state)
{
    (void)state;
    free(image_bytes);
    free(image_path);
    free(metadata);
    free(post_processings);
    return temp_folder_remove(folder) ? 0 : -1;
}

typedef dm_status upload_function(struct scene *scene, const dm_call_options *call);

static dm_status submit_bytes(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = dm_image_bytes(image_bytes, UPLOAD);
    return scene_submit(scene, &image, call);
}

static dm_status submit_file(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = dm_image_file(image_path);
    return scene_submit(scene, &image, call);
}

static dm_status create_spec(struct scene *scene, const dm_call_options *call)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    const dm_spec_create_options options = {.metadata = metadata};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_create(scene->client, "s", &output, 1, &options, call, &spec, &scene->error);

    dm_spec_free(spec);
    return scene_check(scene, status);
}

static dm_status create_version(struct scene *scene, const dm_call_options *call)
{
    dm_version *version = NULL;
    const dm_status status =
        dm_version_create(scene->client, dm_private_spec(42), 3, post_processings, call, &version, &scene->error);

    dm_version_free(version);
    return scene_check(scene, status);
}

static dm_status update_spec(struct scene *scene, const dm_call_options *call)
{
    const dm_spec_changes changes = {.metadata = metadata};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_update(scene->client, dm_private_spec(42), &changes, call, &spec, &scene->error);

    dm_spec_free(spec);
    return scene_check(scene, status);
}

static const struct upload {
    const char *name;
    upload_function *send;
    const char *answer;
    bool submit_once;
} uploads[] = {
    {"submit bytes", submit_bytes, SCENE_TASK_ID, false},
    {"submit bytes once", submit_bytes, SCENE_TASK_ID, true},
    {"submit a file", submit_file, SCENE_TASK_ID, false},
    {"submit a file once", submit_file, SCENE_TASK_ID, true},
    {"create a specification", create_spec, SCENE_SPEC, false},
    {"create a version", create_version, SCENE_VERSION, false},
    {"update a specification", update_spec, SCENE_SPEC, false},
};

enum { UPLOADS = sizeof uploads / sizeof uploads[0] };

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

/* One run in many. False, with a line, if the image had to be sent twice: when the reset behind the answer meets a
 * send, libcurl closes the connection with the answer unread. The answer must arrive even then, without doubt. */
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

/* ---- An answer of success that comes before the upload has ended ---- */

/* Whether it says that it closes the connection makes libcurl go different ways. Such an answer counts within the time
 * of silence, and some more. */
enum { STALL_MS = 300, IN_TIME_MS = 4000 };

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
        fail_msg("%s: %zu of %zu answers did not count at once", ending_names[ending], late, UPLOADS * runs);
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
        fail_msg("%s: %zu of %d calls leave a doubt", ending_names[ending], failed, (int)UPLOADS);
}

static void an_upload_that_is_reset_leaves_no_doubt(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(RESET, DM_ERR_NETWORK);
}

static void an_upload_that_is_closed_leaves_no_doubt(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(CLOSE, DM_ERR_NETWORK);
}

static void an_upload_that_gets_stuck_leaves_no_doubt(void **state)
{
    (void)state;
    assert_cuts_leave_no_doubt(STOP_READING, DM_ERR_TIMEOUT);
}

/* The call's deadline ends the upload. */
static void an_upload_that_runs_out_of_time_leaves_no_doubt(void **state)
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

/* Also a large one: its last byte has been sent. */
static void an_upload_that_came_whole_leaves_a_doubt(void **state)
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
        cmocka_unit_test(an_early_answer_before_a_close_arrives_with_one_attempt),
        cmocka_unit_test(an_early_answer_before_a_close_arrives_with_submit_once),
        cmocka_unit_test(an_early_answer_before_a_reset_arrives_with_one_attempt),
        cmocka_unit_test(an_early_answer_before_a_reset_arrives_with_submit_once),
        cmocka_unit_test(a_success_counts_when_the_server_closes),
        cmocka_unit_test(a_success_counts_when_the_server_resets),
        cmocka_unit_test(a_success_counts_when_the_server_closes_gently),
        cmocka_unit_test(a_success_counts_when_the_server_stops_reading),
        cmocka_unit_test(an_upload_that_is_reset_is_repeated),
        cmocka_unit_test(an_upload_that_is_closed_is_repeated),
        cmocka_unit_test(an_upload_that_gets_stuck_is_repeated),
        cmocka_unit_test(an_upload_that_is_reset_leaves_no_doubt),
        cmocka_unit_test(an_upload_that_is_closed_leaves_no_doubt),
        cmocka_unit_test(an_upload_that_gets_stuck_leaves_no_doubt),
        cmocka_unit_test(an_upload_that_runs_out_of_time_leaves_no_doubt),
        cmocka_unit_test(an_upload_that_came_whole_leaves_a_doubt),
    };
    api_forget_environment();
    return cmocka_run_group_tests(tests, make_uploads, free_uploads);
}

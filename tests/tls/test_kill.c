/* A TLS server that is killed, during an upload or while a connection to it is idle. The process gets no SIGPIPE, and
 * the call fails before its deadline with a clear error. */
#include <deepomatic.h>

#include "assert_status.h"
#include "clock_ms.h"
#include "killable.h"
#include "scene.h"
#include "servers.h"
#include "sink.h"
#include "temp_files.h"
#include "test.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEBIBYTE = 1024 * 1024, UPLOAD = 64 * MEBIBYTE, THRESHOLD = 8 * MEBIBYTE };

/* Longer than the calls should take, and shorter than their timeouts. */
enum { IN_TIME_MS = 40 * 1000, CALL_MS = 120 * 1000 };

static atomic_int pipe_signals;

static void count_pipe_signal(int number)
{
    (void)number;
    atomic_fetch_add(&pipe_signals, 1);
}

/* ---- The setup: an upload through an nginx that is killed meanwhile ---- */

struct upload {
    struct scene scene;
    struct killable *nginx;
    struct sink *sink;
    dm_input input;
    char *bytes;
    long long begun;
};

static void kill_all(void *data)
{
    struct upload *upload = data;
    killable_kill(upload->nginx);
}

static void kill_worker(void *data)
{
    struct upload *upload = data;
    killable_kill_worker(upload->nginx);
}

static void use_file(struct upload *upload, size_t size)
{
    const struct line path = server_file("large.jpg");
    assert_true(write_file_of_size(path.text, size, "\xff\xd8\xff", 3));
    upload->bytes = strdup(path.text);
    assert_non_null(upload->bytes);
    upload->input = dm_image_file(upload->bytes);
}

static void use_bytes(struct upload *upload, size_t size)
{
    upload->bytes = calloc(1, size);
    assert_non_null(upload->bytes);
    upload->input = dm_image_bytes(upload->bytes, size);
}

static void start(struct upload *upload, enum killable_http http, struct sink_plan plan, dm_client_options options)
{
    const struct line ca = server_file("ca.pem");

    plan.context = upload;
    upload->sink = sink_start(&plan);
    assert_non_null(upload->sink);
    upload->nginx = killable_start(http, sink_url(upload->sink)); /* before the sink receives anything */
    options.ca_file = ca.text;
    options.timeout_ms = CALL_MS;
    scene_init(&upload->scene);
    scene_start_at(&upload->scene, server_url("killable").text, &options);
    upload->begun = now_ms();
}

static void assert_in_time(const struct upload *upload)
{
    assert_true(now_ms() - upload->begun < IN_TIME_MS);
    assert_int_equal(atomic_load(&pipe_signals), 0);
}

static void end(struct upload *upload)
{
    scene_end(&upload->scene);
    killable_end(upload->nginx);
    sink_free(upload->sink);
    free(upload->bytes);
    assert_int_equal(atomic_load(&pipe_signals), 0);
}

/* ---- The server is killed ---- */

/* A dying server may accept one more connection, which then fails in its handshake. */
static void assert_lost(struct upload *upload)
{
    const dm_status status = scene_submit(&upload->scene, &upload->input, NULL);
    if (status != DM_ERR_TLS)
        assert_status(status, DM_ERR_NETWORK, &upload->scene.error);
}

static void assert_broken_off(const struct upload *upload)
{
    const dm_error *error = &upload->scene.error;

    assert_false(error->outcome_unknown); /* the request was not sent completely */
    assert_int_equal(error->http_status, 0);
    assert_non_null(strstr(error->message, "POST https://localhost:"));
    print_message("           %s\n", error->message);
    assert_in_time(upload);
}

static void an_upload_is_killed(enum killable_http http, bool stuck, void (*use)(struct upload *, size_t))
{
    const struct sink_plan plan = {.threshold = THRESHOLD, .stop_reading = stuck, .action = kill_all};
    struct upload upload;

    use(&upload, UPLOAD);
    start(&upload, http, plan, (dm_client_options){.max_attempts = 1});
    assert_lost(&upload);
    assert_int_equal(upload.scene.error.attempts,
                     2); /* the first attempt may have lost the answer, so there is a second one */
    assert_broken_off(&upload);
    sink_stop(upload.sink);
    assert_int_equal(sink_uploads(upload.sink), 1);
    assert_true(sink_first_length(upload.sink) >= THRESHOLD && sink_first_length(upload.sink) < UPLOAD);
    end(&upload);
}

static void a_flowing_upload_is_killed(void **state)
{
    (void)state;
    an_upload_is_killed(KILLABLE_HTTP1, false, use_file);
    an_upload_is_killed(KILLABLE_HTTP1, false, use_bytes);
}

static void a_stuck_upload_is_killed(void **state)
{
    (void)state;
    an_upload_is_killed(KILLABLE_HTTP1, true, use_file);
    an_upload_is_killed(KILLABLE_HTTP1, true, use_bytes);
}

static void a_flowing_upload_is_killed_where_http2_is_offered(void **state)
{
    (void)state;
    an_upload_is_killed(KILLABLE_HTTP2, false, use_file);
    an_upload_is_killed(KILLABLE_HTTP2, false, use_bytes);
}

static void a_stuck_upload_is_killed_where_http2_is_offered(void **state)
{
    (void)state;
    an_upload_is_killed(KILLABLE_HTTP2, true, use_file);
    an_upload_is_killed(KILLABLE_HTTP2, true, use_bytes);
}

static void later_attempts_find_no_server(void **state)
{
    const struct sink_plan plan = {.threshold = THRESHOLD, .action = kill_all};
    struct upload upload;
    (void)state;

    use_file(&upload, UPLOAD);
    start(&upload, KILLABLE_HTTP1, plan, (dm_client_options){.max_attempts = 3});
    assert_lost(&upload);
    assert_int_equal(upload.scene.error.attempts, 3);
    assert_non_null(strstr(upload.scene.error.message, "after 3 attempts"));
    assert_broken_off(&upload);
    sink_stop(upload.sink);
    assert_int_equal(sink_uploads(upload.sink), 1);
    end(&upload);
}

/* ---- Only the worker dies: the master makes another one ---- */

static void an_upload_is_made_again_by(enum killable_http http)
{
    const struct sink_plan plan = {.threshold = THRESHOLD, .action = kill_worker};
    const size_t size = (size_t)16 * MEBIBYTE;
    struct upload upload;

    use_file(&upload, size);
    start(&upload, http, plan, (dm_client_options){0});
    assert_status(scene_submit(&upload.scene, &upload.input, NULL), DM_OK, &upload.scene.error);
    assert_in_time(&upload);
    sink_stop(upload.sink);
    assert_int_equal(sink_uploads(upload.sink), 2);
    assert_true(sink_first_length(upload.sink) < size);
    assert_true(sink_last_was_whole(upload.sink));
    assert_true(sink_last_length(upload.sink) > size);
    end(&upload);
}

static void an_upload_is_made_again_when_a_worker_dies(void **state)
{
    (void)state;
    an_upload_is_made_again_by(KILLABLE_HTTP1);
    an_upload_is_made_again_by(KILLABLE_HTTP2);
}

/* A request that was cut off was certainly not processed. */
static void a_cut_upload_is_made_again_with_submit_once(void **state)
{
    const struct sink_plan plan = {.threshold = THRESHOLD, .action = kill_worker};
    struct upload upload;
    (void)state;

    use_file(&upload, (size_t)16 * MEBIBYTE);
    start(&upload, KILLABLE_HTTP1, plan, (dm_client_options){.submit_once = true});
    assert_status(scene_submit(&upload.scene, &upload.input, NULL), DM_OK, &upload.scene.error);
    assert_in_time(&upload);
    sink_stop(upload.sink);
    assert_int_equal(sink_uploads(upload.sink), 2);
    assert_true(sink_last_was_whole(upload.sink));
    end(&upload);
}

/* ---- Idle connections ---- */

/* Closing a TLS connection writes an alert. The second write to a dead peer would raise SIGPIPE. */
static void a_client_with_dead_connections_is_freed(void **state)
{
    struct upload upload;
    (void)state;

    use_bytes(&upload, MEBIBYTE);
    start(&upload, KILLABLE_HTTP1, (struct sink_plan){0}, (dm_client_options){0});
    for (int i = 0; i < 3; i++)
        assert_status(scene_submit(&upload.scene, &upload.input, NULL), DM_OK, &upload.scene.error);
    killable_kill(upload.nginx);
    sink_stop(upload.sink);
    end(&upload);
}

static void a_client_outlives_its_server(enum killable_http http)
{
    const struct sink_plan plan = {.threshold = THRESHOLD, .action = kill_all};
    struct upload upload;

    use_file(&upload, (size_t)16 * MEBIBYTE);
    start(&upload, http, plan, (dm_client_options){.max_attempts = 2});
    assert_lost(&upload);
    killable_restart(upload.nginx);
    assert_status(scene_submit(&upload.scene, &upload.input, NULL), DM_OK, &upload.scene.error);
    killable_restart(upload.nginx); /* with an idle connection */
    assert_status(scene_submit(&upload.scene, &upload.input, NULL), DM_OK, &upload.scene.error);
    assert_in_time(&upload);
    sink_stop(upload.sink);
    end(&upload);
}

static void a_client_continues_with_the_next_server(void **state)
{
    (void)state;
    a_client_outlives_its_server(KILLABLE_HTTP1);
    a_client_outlives_its_server(KILLABLE_HTTP2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flowing_upload_is_killed),
        cmocka_unit_test(a_stuck_upload_is_killed),
        cmocka_unit_test(a_flowing_upload_is_killed_where_http2_is_offered),
        cmocka_unit_test(a_stuck_upload_is_killed_where_http2_is_offered),
        cmocka_unit_test(later_attempts_find_no_server),
        cmocka_unit_test(an_upload_is_made_again_when_a_worker_dies),
        cmocka_unit_test(a_cut_upload_is_made_again_with_submit_once),
        cmocka_unit_test(a_client_with_dead_connections_is_freed),
        cmocka_unit_test(a_client_continues_with_the_next_server),
    };
    signal(SIGPIPE, count_pipe_signal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Uploads of 30 MB in all forms, and a server that reads part of them, sends an answer or none, and ends the
 * connection. */
#ifndef GATEWAYS_UPLOAD_TEST_H
#define GATEWAYS_UPLOAD_TEST_H

#include <deepomatic.h>

#include "raw_server.h"
#include "scene.h"
#include "temp_files.h"
#include "test.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
    bool says_close;  /* the reply has the header Connection: close */
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

static inline void await_unread_bytes(int connection)
{
    char byte;

    (void)!recv(connection, &byte, 1, MSG_PEEK);
}

static inline void read_on(int connection, struct raw_request *request)
{
    shutdown(connection, SHUT_WR);
    raw_read_body(connection, request, ALL);
}

static inline bool end_connection(struct upload_server *server, int connection, enum ending ending)
{
    if (ending == CLOSE && server->request.body_length < server->request.content_length)
        await_unread_bytes(connection);
    if (ending == RESET)
        raw_reset_at_close(connection);
    if (ending == CLOSE_GENTLY)
        read_on(connection, &server->request);
    return ending == STOP_READING;
}

static inline void record(struct upload_server *server)
{
    const size_t index = server->uploads++;

    if (index >= MAX_UPLOADS)
        return;
    server->lengths[index] = server->request.body_length;
    server->whole[index] = server->request.body_length == server->request.content_length;
}

static inline bool serve_upload(int connection, void *data)
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

static inline void start(struct stage *stage, struct plan first, struct plan others, dm_client_options options)
{
    stage->server = (struct upload_server){.plans = {first, others}};
    stage->server.server = raw_server_start(serve_upload, &stage->server);
    assert_non_null(stage->server.server);
    scene_init(&stage->scene);
    scene_start_at(&stage->scene, raw_server_url(stage->server.server), &options);
}

/* After this, the server's counters may be read. */
static inline void end(struct stage *stage)
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

static inline char *make_json(const char *begin, const char *ending)
{
    char *text = malloc(UPLOAD + 1);

    if (text == NULL)
        return NULL;
    memset(text, 'x', UPLOAD);
    memcpy(text, begin, strlen(begin));
    strcpy(text + UPLOAD - strlen(ending), ending);
    return text;
}

static inline int make_uploads(void **state)
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

static inline int free_uploads(void **state)
{
    (void)state;
    free(image_bytes);
    free(image_path);
    free(metadata);
    free(post_processings);
    return temp_folder_remove(folder) ? 0 : -1;
}

typedef dm_status upload_function(struct scene *scene, const dm_call_options *call);

static inline dm_status submit_bytes(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = dm_image_bytes(image_bytes, UPLOAD);
    return scene_submit(scene, &image, call);
}

static inline dm_status submit_file(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = dm_image_file(image_path);
    return scene_submit(scene, &image, call);
}

static inline dm_status create_spec(struct scene *scene, const dm_call_options *call)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    const dm_spec_create_options options = {.metadata = metadata};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_create(scene->client, "s", &output, 1, &options, call, &spec, &scene->error);

    dm_spec_free(spec);
    return scene_check(scene, status);
}

static inline dm_status create_version(struct scene *scene, const dm_call_options *call)
{
    dm_version *version = NULL;
    const dm_status status =
        dm_version_create(scene->client, dm_private_spec(42), 3, post_processings, call, &version, &scene->error);

    dm_version_free(version);
    return scene_check(scene, status);
}

static inline dm_status update_spec(struct scene *scene, const dm_call_options *call)
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

enum { STALL_MS = 300 };

#endif

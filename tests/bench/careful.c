/* Implementation (c): careful hand-written code with libcurl and cJSON. It has one reused handle, typed structs,
 * checks of all errors, and base64 text that is checked with a table and sent in place. It lacks other features of
 * the library: retries, cancelling, exact integers, paths in messages, strict checks of JSON, threads. */
#include "assignment.h"
#include "canned.h"
#include "careful_http.h"
#include "careful_resources.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct session {
    struct assignment assignment;
    struct http http;
    char *base64;
    size_t base64_length;
    bool in_base64[256]; /* whether a character belongs to base64's alphabet */
    char names[LABEL_COUNT][LABEL_NAME_SIZE];
    struct label labels[LABEL_COUNT];
};

static bool fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    return false;
}

static bool read_spec(struct session *session, size_t label_count)
{
    struct spec spec;
    const bool good = spec_read(&spec, session->http.reply.data, session->http.reply.length) &&
                      spec.outputs[0].label_count == label_count;
    spec_free(&spec);
    return good || fail("bad specification");
}

static bool retrieve(struct session *session, const char *path, size_t label_count)
{
    if (!http_get(&session->http, path))
        return fail(session->http.error);
    return read_spec(session, label_count);
}

static bool create(struct session *session)
{
    static char roi[] = "NONE";
    const struct output output = {.roi = roi, .exclusive = true, .labels = session->labels, .label_count = LABEL_COUNT};
    char *request = spec_write(SPEC_NAME, &output);
    if (request == NULL)
        return fail("out of memory");
    const bool posted = http_post_json(&session->http, SPECS_PATH, request);
    free(request);
    return posted ? read_spec(session, LABEL_COUNT) : fail(session->http.error);
}

static bool read_task_id(struct session *session, char id[64])
{
    return task_id_read(id, session->http.reply.data, session->http.reply.length) || fail("bad task id");
}

/* Sets *done if there is nothing more to wait for. */
static bool poll_task(struct session *session, const char *id, bool *done)
{
    struct task task;
    char path[128];
    snprintf(path, sizeof path, TASKS_PATH "%s", id);
    if (!http_get(&session->http, path))
        return fail(session->http.error);
    bool good = task_read(&task, session->http.reply.data, session->http.reply.length);
    *done = task.status != TASK_PENDING;
    if (good && *done)
        good = task.status == TASK_SUCCESS && task.outputs[0].predicted.count == PREDICTION_COUNT;
    task_free(&task);
    return good || fail("bad task");
}

static bool await_task(struct session *session, const char *id)
{
    bool done = false;
    while (!done) {
        usleep(PAUSE_MS * 1000);
        if (!poll_task(session, id, &done))
            return false;
    }
    return true;
}

static bool infer(struct session *session)
{
    char id[64];
    char *request = inference_write(IMAGE_URL);
    if (request == NULL)
        return fail("out of memory");
    const bool posted = http_post_json(&session->http, INFERENCE_PATH, request);
    free(request);
    if (!posted)
        return fail(session->http.error);
    return read_task_id(session, id) && await_task(session, id);
}

static bool upload(struct session *session)
{
    char id[64];
    if (!http_post_file(&session->http, INFERENCE_PATH, "inputs[0]image.source", session->assignment.file))
        return fail(session->http.error);
    return read_task_id(session, id);
}

static bool is_base64(const struct session *session)
{
    const unsigned char *text = (const unsigned char *)session->base64;
    size_t length = session->base64_length;
    for (int padding = 0; padding < 2 && length > 0 && text[length - 1] == '='; padding++)
        length--;
    for (size_t i = 0; i < length; i++)
        if (!session->in_base64[text[i]])
            return false;
    return length > 0;
}

static bool submit_base64(struct session *session)
{
    static const char before[] = "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,";
    static const char after[] = "\"}}]}";
    const struct http_piece pieces[HTTP_MAX_PIECES] = {
        {before, sizeof before - 1}, {session->base64, session->base64_length}, {after, sizeof after - 1}};
    char id[64];
    if (!is_base64(session))
        return fail("not base64");
    if (!http_post_json_pieces(&session->http, INFERENCE_PATH, pieces, HTTP_MAX_PIECES))
        return fail(session->http.error);
    return read_task_id(session, id);
}

static bool run_once(struct session *session)
{
    switch (session->assignment.job) {
    case JOB_GET:
        return retrieve(session, SMALL_SPEC_PATH, SMALL_LABEL_COUNT);
    case JOB_RETRIEVE:
        return retrieve(session, SPEC_PATH, LABEL_COUNT);
    case JOB_INFERENCE:
        return infer(session);
    case JOB_UPLOAD:
        return upload(session);
    case JOB_BASE64:
        return submit_base64(session);
    case JOB_CREATE:
        return create(session);
    }
    return false;
}

static void prepare_labels(struct session *session)
{
    for (int i = 0; i < LABEL_COUNT; i++) {
        canned_label_name(i, session->names[i]);
        session->labels[i] = (struct label){.id = canned_label_id(i), .name = session->names[i]};
    }
}

static void prepare_base64(struct session *session)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (const char *character = alphabet; *character != '\0'; character++)
        session->in_base64[(unsigned char)*character] = true;
    session->base64 = canned_base64(&session->base64_length);
}

static bool run(struct session *session)
{
    if (!http_init(&session->http, session->assignment.url, API_KEY, session->assignment.ca))
        return fail(session->http.error);
    prepare_labels(session);
    if (session->assignment.job == JOB_BASE64)
        prepare_base64(session);
    for (long i = 0; i < session->assignment.count; i++)
        if (!run_once(session))
            return false;
    return true;
}

int main(int argc, char **argv)
{
    static struct session session;
    session.assignment = assignment_parse(argc, argv);
    const bool good = run(&session);
    http_free(&session.http);
    free(session.base64);
    return good ? 0 : 1;
}

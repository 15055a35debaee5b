/* Implementation (d): the library through its public header. */
#include "assignment.h"
#include "canned.h"

#include <deepomatic.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct session {
    struct assignment assignment;
    dm_client *client;
    dm_input input;
    char *base64;
    char names[LABEL_COUNT][LABEL_NAME_SIZE];
    dm_label labels[LABEL_COUNT];
};

static void check(dm_status status, const dm_error *error)
{
    if (status == DM_OK)
        return;
    fprintf(stderr, "%s: %s\n", dm_status_name(status), error->message);
    exit(1);
}

static void expect(size_t count, size_t expected)
{
    if (count == expected)
        return;
    fprintf(stderr, "expected %zu items, got %zu\n", expected, count);
    exit(1);
}

static void retrieve(struct session *session, int64_t id, size_t label_count)
{
    dm_spec *spec = NULL;
    dm_error error;
    check(dm_spec_retrieve(session->client, dm_private_spec(id), NULL, &spec, &error), &error);
    expect(spec->outputs[0].labels.label_count, label_count);
    dm_spec_free(spec);
}

static void infer(struct session *session)
{
    dm_inference *inference = NULL;
    dm_error error;
    check(dm_spec_infer(session->client, dm_private_spec(SPEC_ID), &session->input, 1, NULL, NULL, &inference, &error),
          &error);
    expect(inference->outputs[0].labels.predicted_count, PREDICTION_COUNT);
    dm_inference_free(inference);
}

static void submit(struct session *session)
{
    dm_task_id id;
    dm_error error;
    check(dm_spec_submit(session->client, dm_private_spec(SPEC_ID), &session->input, 1, NULL, NULL, &id, &error),
          &error);
    expect(strlen(id.text), strlen(TASK_ID));
}

static void create(struct session *session)
{
    const dm_output output = {.labels = {.labels = session->labels, .label_count = LABEL_COUNT, .exclusive = true}};
    dm_spec *spec = NULL;
    dm_error error;
    check(dm_spec_create(session->client, SPEC_NAME, &output, 1, NULL, NULL, &spec, &error), &error);
    expect(spec->outputs[0].labels.label_count, LABEL_COUNT);
    dm_spec_free(spec);
}

static void run_once(struct session *session)
{
    switch (session->assignment.job) {
    case JOB_GET:
        retrieve(session, SMALL_SPEC_ID, SMALL_LABEL_COUNT);
        break;
    case JOB_RETRIEVE:
        retrieve(session, SPEC_ID, LABEL_COUNT);
        break;
    case JOB_INFERENCE:
        infer(session);
        break;
    case JOB_UPLOAD:
    case JOB_BASE64:
        submit(session);
        break;
    case JOB_CREATE:
        create(session);
        break;
    }
}

static void prepare_input(struct session *session)
{
    if (session->assignment.job == JOB_INFERENCE)
        session->input = dm_image_url(IMAGE_URL);
    if (session->assignment.job == JOB_UPLOAD)
        session->input = dm_image_file(session->assignment.file);
    if (session->assignment.job == JOB_BASE64) {
        size_t length;
        session->base64 = canned_base64(&length);
        session->input = dm_image_base64(session->base64, length);
    }
}

static void prepare_labels(struct session *session)
{
    for (int i = 0; i < LABEL_COUNT; i++) {
        canned_label_name(i, session->names[i]);
        session->labels[i] = (dm_label){.id = canned_label_id(i), .name = session->names[i]};
    }
}

static void begin(struct session *session)
{
    const dm_client_options options = {
        .api_key = API_KEY,
        .api_url = session->assignment.url,
        .ca_file = session->assignment.ca,
        .poll_delay_ms = PAUSE_MS,
    };
    dm_error error;
    check(dm_client_new(&options, &session->client, &error), &error);
    prepare_input(session);
    prepare_labels(session);
}

int main(int argc, char **argv)
{
    static struct session session;
    session.assignment = assignment_parse(argc, argv);
    begin(&session);
    for (long i = 0; i < session.assignment.count; i++)
        run_once(&session);
    dm_client_free(session.client);
    free(session.base64);
    return 0;
}

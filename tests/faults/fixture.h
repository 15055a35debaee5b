/* Shared by all scenarios: a client, a cancellation token, and values to send. */
#ifndef FAULTS_FIXTURE_H
#define FAULTS_FIXTURE_H

#include <deepomatic.h>

/* The client's API key. It must never be part of an error. */
#define FIXTURE_KEY "k3y-THAT-stays-home-0123456789"

struct fixture {
    const char *url; /* of the server */
    dm_client *client;
    dm_cancel *cancel;
    dm_call_options call;
    dm_error error;      /* of the last call */
    const char *wrong;   /* another fault of the last call, such as an out pointer that is not NULL; NULL: none */
    dm_spec_page *specs; /* this and the following members are set by the preparation of a scenario */
    dm_network_page *networks;
    dm_version_page *versions;
    dm_spec_iter *spec_iter;
    dm_network_iter *network_iter;
    dm_version_iter *version_iter;
};

/* A client with every option set, and a token. A failure ends the test. A timeout_ms of 0 means 20 s. */
void fixture_open(struct fixture *fixture, const char *url, int64_t timeout_ms);
void fixture_close(struct fixture *fixture);

/* Every option of a client. The files are not opened, because no address of these tests begins with https. */
dm_client_options client_options(const char *url);

/* An image of each kind, with a box, a polygon and every other field set. */
enum image_kind { IMAGE_URL, IMAGE_FILE, IMAGE_BYTES, IMAGE_BASE64 };
dm_input image(enum image_kind kind);

extern const dm_infer_options infer_options;
extern const dm_page_options one_item;

/* The value of a result pointer before its call, which the call must overwrite. */
#define UNTOUCHED ((void *)&infer_options)

/* Whether the call returned a result, which must be freed. Sets fixture->wrong if the result contradicts the status. */
bool has_result(struct fixture *fixture, dm_status status, const void *result);

#endif

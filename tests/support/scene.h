/* A scene for tests of whole calls: a fault server with its script, a client, and some calls. Each call also checks the
 * error: it must match the status, be printable, and not contain the API key. */
#ifndef SUPPORT_SCENE_H
#define SUPPORT_SCENE_H

#include "fault_server.h"

#include <deepomatic.h>

#define SCENE_KEY "k3y-THAT-stays-home-0123456789"

/* Bodies of good replies. */
#define SCENE_ACCOUNT "{\"id\":7,\"name\":\"me\"}"
#define SCENE_SPEC    "{\"id\":42,\"name\":\"s\",\"outputs\":[]}"
#define SCENE_VERSION "{\"id\":5,\"spec_id\":42,\"network_id\":3,\"post_processings\":[]}"
#define SCENE_TASK_ID "{\"task_id\":\"123\"}"
#define SCENE_PENDING "{\"id\":\"123\",\"status\":\"pending\",\"error\":null,\"data\":null}"
#define SCENE_SUCCESS "{\"id\":\"123\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[]}}"

/* A reply that is retried: its status, and a header that asks for a retry without delay. */
#define SCENE_BUSY          "503 Service Unavailable"
#define SCENE_RETRY_AT_ONCE "Retry-After: 0\r\n"

enum { SCENE_MAX_STEPS = 512, SCENE_MAX_LOG = 16 * 1024 };

struct scene {
    struct fault_step steps[SCENE_MAX_STEPS];
    char *made[SCENE_MAX_STEPS]; /* the replies of the steps that the scene must free */
    size_t step_count;
    struct fault_server *server;
    dm_client *client;
    dm_error error;          /* of the last call */
    char log[SCENE_MAX_LOG]; /* all lines so far, each with a line feed */
    int log_count[2];        /* by level */
};

void scene_init(struct scene *scene);

/* Each function appends a step to the script and returns it, so that the test can change it. The step of scene_break
 * reads the request and sends no reply. */
struct fault_step *scene_reply(struct scene *scene, const char *status, const char *headers, const char *body);
struct fault_step *scene_bytes(struct scene *scene, const char *bytes, size_t length); /* copied */
struct fault_step *scene_text(struct scene *scene, const char *bytes);
struct fault_step *scene_break(struct scene *scene, enum fault_ending ending);

/* Starts the server and the client. `options` may be NULL. The log is replaced; the key, the address, the proxy and the
 * retry delays are set if they are not set in the options. */
void scene_start(struct scene *scene, const dm_client_options *options);

/* Makes only a client, for another address. */
void scene_start_at(struct scene *scene, const char *url, const dm_client_options *options);

void scene_end(struct scene *scene);

/* Calls. They free their result and write scene->error. */
dm_status scene_get(struct scene *scene, const dm_call_options *call);    /* the account */
dm_status scene_create(struct scene *scene, const dm_call_options *call); /* a specification */
dm_status scene_create_version(struct scene *scene, const dm_call_options *call);
dm_status scene_delete(struct scene *scene, const dm_call_options *call); /* specification 42 */
dm_status scene_update(struct scene *scene, const dm_call_options *call); /* specification 42 */
dm_status scene_submit(struct scene *scene, const dm_input *input, const dm_call_options *call);
dm_status scene_infer(struct scene *scene, const dm_input *input, const dm_call_options *call);
dm_status scene_wait(struct scene *scene, const dm_call_options *call); /* for task 123 */

/* The calls above with one type. Those that need an image use scene_image(). */
typedef dm_status scene_call(struct scene *scene, const dm_call_options *call);
dm_status scene_submit_image(struct scene *scene, const dm_call_options *call);
dm_status scene_infer_image(struct scene *scene, const dm_call_options *call);

/* Checks the status and the error of any other call, and returns the status. */
dm_status scene_check(struct scene *scene, dm_status status);

/* A small image, as bytes. */
dm_input scene_image(void);

size_t scene_requests(const struct scene *scene);
const struct fault_request *scene_request(const struct scene *scene, size_t index);

#endif

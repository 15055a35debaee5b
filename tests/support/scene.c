#include "scene.h"

#include "assert_status.h"
#include "http_reply.h"
#include "test.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void scene_init(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
}

/* ---- The script ---- */

static struct fault_step *add_step(struct scene *scene, char *made, size_t length)
{
    assert_true(scene->step_count < SCENE_MAX_STEPS);
    struct fault_step *step = &scene->steps[scene->step_count];
    scene->made[scene->step_count++] = made;
    *step = (struct fault_step){.reply = made != NULL ? made : "", .reply_length = length};
    return step;
}

struct fault_step *scene_reply(struct scene *scene, const char *status, const char *headers, const char *body)
{
    const size_t size = strlen(status) + strlen(headers) + strlen(body) + 128;
    char *made = malloc(size);
    assert_non_null(made);
    const size_t length = http_reply(made, size, status, headers, body);
    assert_true(length > 0);
    return add_step(scene, made, length);
}

struct fault_step *scene_bytes(struct scene *scene, const char *bytes, size_t length)
{
    char *made = malloc(length + 1);
    assert_non_null(made);
    memcpy(made, bytes, length);
    return add_step(scene, made, length);
}

struct fault_step *scene_text(struct scene *scene, const char *bytes)
{
    return scene_bytes(scene, bytes, strlen(bytes));
}

struct fault_step *scene_break(struct scene *scene, enum fault_ending ending)
{
    struct fault_step *step = add_step(scene, NULL, 0);
    step->ending = ending;
    return step;
}

/* ---- Beginning and end ---- */

static void keep_line(dm_log_level level, const char *line, void *data)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    struct scene *scene = data;
    assert_null(strstr(line, SCENE_KEY));
    assert_null(strchr(line, '\n'));
    pthread_mutex_lock(&mutex); /* several threads may log at the same time */
    scene->log_count[level]++;
    if (strlen(scene->log) + strlen(line) + 2 < sizeof scene->log) {
        strcat(scene->log, line);
        strcat(scene->log, "\n");
    }
    pthread_mutex_unlock(&mutex);
}

void scene_start_at(struct scene *scene, const char *url, const dm_client_options *options)
{
    dm_client_options chosen = options != NULL ? *options : (dm_client_options){0};

    chosen.api_key = chosen.api_key != NULL ? chosen.api_key : SCENE_KEY;
    chosen.api_url = chosen.api_url != NULL ? chosen.api_url : url;
    chosen.proxy = chosen.proxy != NULL ? chosen.proxy : "";
    chosen.retry_delay_ms = chosen.retry_delay_ms != 0 ? chosen.retry_delay_ms : 2;
    chosen.max_retry_delay_ms = chosen.max_retry_delay_ms != 0 ? chosen.max_retry_delay_ms : 10;
    chosen.log = keep_line;
    chosen.log_data = scene;
    assert_status(dm_client_new(&chosen, &scene->client, &scene->error), DM_OK, &scene->error);
}

void scene_start(struct scene *scene, const dm_client_options *options)
{
    scene->server = fault_server_start(scene->steps, scene->step_count);
    assert_non_null(scene->server);
    scene_start_at(scene, fault_server_url(scene->server), options);
}

void scene_end(struct scene *scene)
{
    dm_client_free(scene->client);
    if (scene->server != NULL)
        fault_server_stop(scene->server);
    for (size_t i = 0; i < scene->step_count; i++)
        free(scene->made[i]);
}

/* ---- Calls ---- */

static void check_printable(const char *line)
{
    for (; *line != '\0'; line++)
        assert_true((unsigned char)*line >= 0x20 && *line != 0x7f);
}

dm_status scene_check(struct scene *scene, dm_status status)
{
    static const dm_error clear;
    if (status == DM_OK || status == DM_DONE) {
        assert_memory_equal(&scene->error, &clear, sizeof clear);
        return status;
    }
    assert_int_equal(scene->error.status, status);
    assert_true(scene->error.message[0] != '\0');
    check_printable(scene->error.message);
    check_printable(scene->error.server_message);
    assert_null(strstr(scene->error.message, SCENE_KEY));
    assert_null(strstr(scene->error.server_message, SCENE_KEY));
    return status;
}

dm_status scene_get(struct scene *scene, const dm_call_options *call)
{
    dm_account *account = NULL;
    const dm_status status = dm_account_retrieve(scene->client, call, &account, &scene->error);
    assert_true((account != NULL) == (status == DM_OK));
    dm_account_free(account);
    return scene_check(scene, status);
}

dm_status scene_create(struct scene *scene, const dm_call_options *call)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_create(scene->client, "s", &output, 1, NULL, call, &spec, &scene->error);
    assert_true((spec != NULL) == (status == DM_OK));
    dm_spec_free(spec);
    return scene_check(scene, status);
}

dm_status scene_create_version(struct scene *scene, const dm_call_options *call)
{
    dm_version *version = NULL;
    const dm_status status =
        dm_version_create(scene->client, dm_private_spec(42), 3, "[]", call, &version, &scene->error);
    assert_true((version != NULL) == (status == DM_OK));
    dm_version_free(version);
    return scene_check(scene, status);
}

dm_status scene_delete(struct scene *scene, const dm_call_options *call)
{
    return scene_check(scene, dm_spec_delete(scene->client, dm_private_spec(42), call, &scene->error));
}

dm_status scene_update(struct scene *scene, const dm_call_options *call)
{
    static const dm_spec_changes changes = {.name = "s"};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_update(scene->client, dm_private_spec(42), &changes, call, &spec, &scene->error);
    assert_true((spec != NULL) == (status == DM_OK));
    dm_spec_free(spec);
    return scene_check(scene, status);
}

dm_status scene_submit(struct scene *scene, const dm_input *input, const dm_call_options *call)
{
    dm_task_id id;
    const dm_status status =
        dm_spec_submit(scene->client, dm_public_spec("p"), input, 1, NULL, call, &id, &scene->error);
    assert_string_equal(id.text, status == DM_OK ? "123" : "");
    return scene_check(scene, status);
}

dm_status scene_infer(struct scene *scene, const dm_input *input, const dm_call_options *call)
{
    dm_inference *inference = NULL;
    const dm_status status =
        dm_spec_infer(scene->client, dm_public_spec("p"), input, 1, NULL, call, &inference, &scene->error);
    assert_true((inference != NULL) == (status == DM_OK));
    dm_inference_free(inference);
    return scene_check(scene, status);
}

dm_status scene_wait(struct scene *scene, const dm_call_options *call)
{
    const dm_task_id id = {"123"};
    dm_task *task = NULL;
    const dm_status status = dm_task_wait(scene->client, id, call, &task, &scene->error);
    assert_true((task != NULL) == (status == DM_OK));
    dm_task_free(task);
    return scene_check(scene, status);
}

dm_input scene_image(void)
{
    return dm_image_bytes("not much of an image", 20);
}

dm_status scene_submit_image(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_submit(scene, &image, call);
}

dm_status scene_infer_image(struct scene *scene, const dm_call_options *call)
{
    const dm_input image = scene_image();
    return scene_infer(scene, &image, call);
}

/* ---- What there is to see ---- */

size_t scene_requests(const struct scene *scene)
{
    return fault_server_request_count(scene->server);
}

const struct fault_request *scene_request(const struct scene *scene, size_t index)
{
    const struct fault_request *request = fault_server_request(scene->server, index);
    assert_non_null(request);
    return request;
}

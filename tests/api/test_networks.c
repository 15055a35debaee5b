/* Networks: created from files, deployed, retrieved, updated and deleted; and the whole way from a model to a
 * prediction. */
#include "array.h"
#include "assert_status.h"
#include "clock_ms.h"
#include "sent_requests.h"
#include "sha256.h"
#include "stored_specs.h"
#include "temp_files.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PREPROCESSING                                                                                                  \
    "{\"inputs\":[{\"tensor_name\":\"x\",\"image\":{\"dimension_order\":\"NHWC\",\"resize_type\":\"SQUASH\","          \
    "\"target_size\":\"224x224\",\"color_channels\":\"RGB\",\"pixel_scaling\":255.0,\"mean_file\":\"\","               \
    "\"data_type\":\"FLOAT32\"}}],\"batched_output\":true}"
#define FRAMEWORK "tensorflow-1.x"

/* Begins without any networks. */
static const char *const quick[] = {"--networks", "0", "--page-limit", "7", "--task-delay-ms", "30", NULL};
static const char *const slow[] = {"--networks", "0", "--task-delay-ms", "3600000", NULL};
static const char *const many[] = {"--networks", "16", "--page-limit", "7", NULL};

static const char model[] = "the graph\r\n--of a model\0with a NUL";
static const dm_network_file small_model = {.name = "saved_model.pb", .bytes = model, .size = sizeof model};

static dm_network *create(struct api_test *test, const char *name, dm_network_file file)
{
    dm_network *network = NULL;

    assert_ok(test, dm_network_create(test->client, name, FRAMEWORK, PREPROCESSING, &file, 1, NULL, NULL, &network,
                                      &test->error));
    return network;
}

static dm_task *wait_for(struct api_test *test, const dm_network *network)
{
    const dm_call_options call = {.timeout_ms = LONG_MS};
    dm_task *task = NULL;

    assert_ok(test, dm_task_wait(test->client, *network->task_id, &call, &task, &test->error));
    return task;
}

/* ---- What is sent ---- */

static void assert_part(const cJSON *part, const char *name, const char *file_name, const void *content, size_t size)
{
    char digest[SHA256_HEX_SIZE];

    assert_string_equal(log_text(part, "name"), name);
    if (file_name != NULL)
        assert_string_equal(log_text(part, "filename"), file_name);
    else
        assert_null(log_text(part, "filename"));
    assert_int_equal(log_number(part, "length"), size);
    assert_true(sha256_of_memory(content, size, digest));
    assert_string_equal(log_text(part, "sha256"), digest);
}

static void assert_text_part(const cJSON *part, const char *name, const char *text)
{
    assert_part(part, name, NULL, text, strlen(text));
    assert_string_equal(log_text(part, "text"), text);
}

/* 5 MB, so that it reaches the sandbox in many pieces. */
static char *write_weights(const char *folder, char **path, size_t size)
{
    char *weights = malloc(size);

    assert_non_null(weights);
    for (size_t i = 0; i < size; i++)
        weights[i] = (char)(i * 2654435761U >> 13);
    *path = temp_path(folder, "weights");
    assert_true(write_file(*path, weights, size));
    return weights;
}

static void a_network_is_created_with_the_given_fields_and_files(void **state)
{
    enum { WEIGHTS = 5000000 };
    static const dm_network_create_options options = {.description = "d\xc3\xa9", .metadata = "{\"n\":1.50}"};
    struct api_test *test = *state;
    char *folder = temp_folder_new();
    char *path = NULL;
    char *weights = write_weights(folder, &path, WEIGHTS);
    const dm_network_file files[] = {small_model, {.name = "variables.data-00000-of-00001", .path = path}};
    dm_network *network = NULL;

    assert_ok(test, dm_network_create(test->client, "my \"net\"", FRAMEWORK, PREPROCESSING, files, COUNT(files),
                                      &options, NULL, &network, &test->error));
    assert_int_equal(network->id.private_id, 1);
    assert_string_equal(network->name, "my \"net\"");
    assert_string_equal(network->description, "d\xc3\xa9");
    assert_string_equal(network->framework, FRAMEWORK);
    assert_string_equal(network->preprocessing, PREPROCESSING);
    assert_non_null(network->create_date);
    assert_string_equal(network->update_date, network->create_date);

    struct request_log *log = sent_since(test, 0);
    assert_int_equal(log->count, 1);
    const cJSON *request = log_only(log, "POST", "/v0.7/networks");
    assert_int_equal(log_number(request, "status"), 201);
    assert_int_equal(log_number(request, "content_length"), log_number(request, "body_length"));
    assert_null(log_header(request, "expect"));
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(request, "parts");
    assert_int_equal(cJSON_GetArraySize(parts), 7);
    assert_text_part(cJSON_GetArrayItem(parts, 0), "name", "my \"net\"");
    assert_text_part(cJSON_GetArrayItem(parts, 1), "description", "d\xc3\xa9");
    assert_text_part(cJSON_GetArrayItem(parts, 2), "metadata", "{\"n\":1.50}");
    assert_text_part(cJSON_GetArrayItem(parts, 3), "framework", FRAMEWORK);
    assert_text_part(cJSON_GetArrayItem(parts, 4), "preprocessing", PREPROCESSING);
    assert_part(cJSON_GetArrayItem(parts, 5), "saved_model.pb", "saved_model.pb", model, sizeof model);
    assert_part(cJSON_GetArrayItem(parts, 6), files[1].name, files[1].name, weights, WEIGHTS);
    request_log_free(log);
    dm_network_free(network);
    free(weights);
    free(path);
    temp_folder_remove(folder);
}

/* ---- Progress ---- */

struct told {
    int64_t sent;
    int64_t total;
    size_t times;
    bool fell;
};

static void note(int64_t sent, int64_t total, void *data)
{
    struct told *told = data;

    told->fell = told->fell || sent <= told->sent || sent > total;
    told->sent = sent;
    told->total = total;
    told->times++;
}

static void progress_is_reported_up_to_the_last_byte(void **state)
{
    enum { SIZE = 4000000 };
    struct api_test *test = *state;
    struct told told = {.sent = -1};
    const dm_network_create_options options = {.progress = note, .progress_data = &told};
    char *bytes = calloc(1, SIZE);
    const dm_network_file file = {.name = "saved_model.pb", .bytes = bytes, .size = SIZE};
    dm_network *network = NULL;

    assert_ok(test, dm_network_create(test->client, "n", FRAMEWORK, PREPROCESSING, &file, 1, &options, NULL, &network,
                                      &test->error));
    struct request_log *log = sent_since(test, 0);
    assert_int_equal(told.total, log_number(log->items[0], "content_length"));
    assert_int_equal(told.sent, told.total);
    assert_false(told.fell);
    assert_true(told.times > 1);
    request_log_free(log);
    dm_network_free(network);
    free(bytes);
}

/* ---- Deployment ---- */

static void a_deployment_is_waited_for(void **state)
{
    struct api_test *test = *state;
    dm_network *network = create(test, "n", small_model);
    dm_task *task = wait_for(test, network);

    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_string_equal(task->data, "{\"network_id\":1}");
    assert_null(task->inference);
    dm_task_free(task);
    dm_network_free(network);
}

static void a_wait_for_a_deployment_that_failed_succeeds(void **state)
{
    const dm_network_file file = {.name = "variables.index", .bytes = "x", .size = 1};
    struct api_test *test = *state;
    dm_network *network = create(test, "n", file);
    dm_task *task = wait_for(test, network);

    assert_int_equal(task->status, DM_TASK_ERROR);
    assert_non_null(strstr(task->error, "saved_model.pb"));
    dm_task_free(task);
    dm_network_free(network);
}

static dm_version *create_version_of(struct api_test *test, int64_t spec_id, const dm_network *network)
{
    dm_version *version = NULL;

    assert_ok(test, dm_version_create(test->client, dm_private_spec(spec_id), network->id.private_id,
                                      NO_POST_PROCESSINGS, NULL, &version, &test->error));
    return version;
}

static void an_inference_before_the_deployment_is_rejected(void **state)
{
    const dm_input cat = dm_image_file(PHOTOS_DIR "/cat.jpg");
    struct api_test *test = *state;
    dm_network *network = create(test, "n", small_model);
    dm_inference *inference = NULL;

    create_specs(test, 1);
    dm_version *version = create_version_of(test, 1, network);
    assert_status(dm_spec_infer(test->client, dm_private_spec(1), &cat, 1, NULL, NULL, &inference, &test->error),
                  DM_ERR_REJECTED, &test->error);
    assert_non_null(strstr(test->error.server_message, "not deployed yet"));
    assert_status(dm_version_infer(test->client, version->id, &cat, 1, NULL, NULL, &inference, &test->error),
                  DM_ERR_REJECTED, &test->error);
    dm_version_free(version);
    dm_network_free(network);
}

static void a_version_of_an_unknown_network_is_rejected(void **state)
{
    struct api_test *test = *state;
    dm_version *version = NULL;

    create_specs(test, 1);
    assert_status(
        dm_version_create(test->client, dm_private_spec(1), 1, NO_POST_PROCESSINGS, NULL, &version, &test->error),
        DM_ERR_REJECTED, &test->error);
    assert_non_null(strstr(test->error.server_message, "Invalid pk \"1\" - object does not exist."));
}

/* ---- From a model to a prediction ---- */

static void assert_recognises(struct api_test *test, dm_spec_id spec)
{
    const dm_input cat = dm_image_file(PHOTOS_DIR "/cat.jpg");
    dm_inference *inference = NULL;

    assert_ok(test, dm_spec_infer(test->client, spec, &cat, 1, NULL, NULL, &inference, &test->error));
    assert_int_equal(inference->output_count, TWO_OUTPUTS);
    assert_string_equal(inference->outputs[0].labels.predicted[0].label_name, "brown");
    dm_inference_free(inference);
}

static void a_network_is_created_used_for_a_prediction_and_deleted(void **state)
{
    struct api_test *test = *state;
    dm_network *network = create(test, "colours", small_model);
    dm_version *gone = NULL;

    dm_task_free(wait_for(test, network));
    const dm_spec_id spec = dm_private_spec(create_spec(test, "Colours"));
    dm_version *version = create_version_of(test, spec.private_id, network);
    assert_string_equal(version->network_name, "colours");
    assert_recognises(test, spec);

    assert_ok(test, dm_network_delete(test->client, network->id, NULL, &test->error));
    assert_not_found(test, dm_version_retrieve(test->client, version->id, NULL, &gone, &test->error));
    dm_spec *without = retrieve_spec(test, spec.private_id);
    assert_null(without->current_version_id);
    dm_spec_free(without);
    assert_ok(test, dm_spec_delete(test->client, spec, NULL, &test->error));
    dm_version_free(version);
    dm_network_free(network);
}

/* ---- One network ---- */

static void a_network_is_retrieved_by_its_id(void **state)
{
    static const struct expected_request expected[] = {
        {"GET", "/v0.7/networks/16", "", NULL, 200},
        {"GET", "/v0.7/networks/public/sandbox-caffe", "", NULL, 200},
        {"GET", "/v0.7/networks/17", "", NULL, 404},
        {"GET", "/v0.7/networks/public/16", "", NULL, 404},
    };
    struct api_test *test = *state;
    dm_network *network = NULL;

    assert_ok(test, dm_network_retrieve(test->client, dm_private_network(16), NULL, &network, &test->error));
    assert_string_equal(network->name, "network 16");
    assert_non_null(network->preprocessing);
    assert_null(network->task_id);
    dm_network_free(network);
    assert_ok(test,
              dm_network_retrieve(test->client, dm_public_network("sandbox-caffe"), NULL, &network, &test->error));
    assert_string_equal(network->id.public_id, "sandbox-caffe");
    assert_string_equal(network->framework, "nv-caffe-0.x-mod");
    dm_network_free(network);
    assert_not_found(test, dm_network_retrieve(test->client, dm_private_network(17), NULL, &network, &test->error));
    assert_null(network);
    assert_not_found(test, dm_network_retrieve(test->client, dm_public_network("16"), NULL, &network, &test->error));
    assert_sent(test, 0, expected, COUNT(expected));
}

static void assert_updated(struct api_test *test, dm_network_changes changes, const char *name, const char *description,
                           const char *metadata)
{
    dm_network *network = NULL;

    assert_ok(test, dm_network_update(test->client, dm_private_network(3), &changes, NULL, &network, &test->error));
    assert_string_equal(network->name, name);
    assert_string_equal(network->description, description);
    assert_string_equal(network->metadata, metadata);
    assert_non_null(network->preprocessing);
    dm_network_free(network);
}

static void each_field_is_updated_separately(void **state)
{
    static const struct expected_request expected[] = {
        {"PATCH", "/v0.7/networks/3", "", "{\"name\":\"new\"}", 200},
        {"PATCH", "/v0.7/networks/3", "", "{\"description\":\"\"}", 200},
        {"PATCH", "/v0.7/networks/3", "", "{\"metadata\":{\"a\":1}}", 200},
        {"PATCH", "/v0.7/networks/17", "", "{\"name\":\"new\"}", 404},
    };
    static const dm_network_changes name = {.name = "new"};
    struct api_test *test = *state;
    dm_network *network = NULL;

    assert_updated(test, name, "new", "", "{}");
    assert_updated(test, (dm_network_changes){.description = ""}, "new", "", "{}");
    assert_updated(test, (dm_network_changes){.metadata = "{\"a\":1}"}, "new", "", "{\"a\":1}");
    assert_not_found(test,
                     dm_network_update(test->client, dm_private_network(17), &name, NULL, &network, &test->error));
    assert_sent(test, 0, expected, COUNT(expected));
}

static void a_network_is_deleted_once(void **state)
{
    static const struct expected_request expected[] = {
        {"DELETE", "/v0.7/networks/16", "", NULL, 204},
        {"DELETE", "/v0.7/networks/16", "", NULL, 404},
    };
    struct api_test *test = *state;

    assert_ok(test, dm_network_delete(test->client, dm_private_network(16), NULL, &test->error));
    assert_not_found(test, dm_network_delete(test->client, dm_private_network(16), NULL, &test->error));
    assert_sent(test, 0, expected, COUNT(expected));
}

/* ---- What is rejected before anything is sent ---- */

static void an_invalid_network_is_not_sent(void **state)
{
    static const dm_network_changes name = {.name = "n"};
    const dm_network_file missing = {.name = "saved_model.pb", .path = "/no/model"};
    struct api_test *test = *state;
    dm_network *network = NULL;

    assert_status(
        dm_network_create(test->client, "n", FRAMEWORK, PREPROCESSING, &missing, 1, NULL, NULL, &network, &test->error),
        DM_ERR_FILE, &test->error);
    assert_status(
        dm_network_create(test->client, "n", FRAMEWORK, "[]", &small_model, 1, NULL, NULL, &network, &test->error),
        DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(
        dm_network_create(NULL, "n", FRAMEWORK, PREPROCESSING, &small_model, 1, NULL, NULL, &network, &test->error),
        DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(
        dm_network_create(test->client, "n", FRAMEWORK, PREPROCESSING, &small_model, 1, NULL, NULL, NULL, &test->error),
        DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_network_update(test->client, dm_private_network(1), NULL, NULL, &network, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_network_update(test->client, dm_public_network("p"), &name, NULL, &network, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_status(dm_network_delete(test->client, dm_public_network("p"), NULL, &test->error), DM_ERR_INVALID_ARGUMENT,
                  &test->error);
    assert_null(network);
    assert_nothing_sent(test, 0);
}

static void the_services_reason_for_refusing_a_network_is_in_the_error(void **state)
{
    struct api_test *test = *state;
    dm_network *network = NULL;

    assert_status(
        dm_network_create(test->client, "n", FRAMEWORK, "{}", &small_model, 1, NULL, NULL, &network, &test->error),
        DM_ERR_REJECTED, &test->error);
    assert_int_equal(test->error.http_status, 400);
    assert_false(test->error.outcome_unknown);
    assert_non_null(strstr(test->error.server_message, "preprocessing"));
    assert_null(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(a_network_is_created_with_the_given_fields_and_files, quick),
        API_TEST(progress_is_reported_up_to_the_last_byte, quick),
        API_TEST(a_deployment_is_waited_for, quick),
        API_TEST(a_wait_for_a_deployment_that_failed_succeeds, quick),
        API_TEST(an_inference_before_the_deployment_is_rejected, slow),
        API_TEST(a_version_of_an_unknown_network_is_rejected, quick),
        API_TEST(a_network_is_created_used_for_a_prediction_and_deleted, quick),
        API_TEST(a_network_is_retrieved_by_its_id, many),
        API_TEST(each_field_is_updated_separately, many),
        API_TEST(a_network_is_deleted_once, many),
        API_TEST(an_invalid_network_is_not_sent, quick),
        API_TEST(the_services_reason_for_refusing_a_network_is_in_the_error, quick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

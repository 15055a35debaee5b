/* Retrieving private and public specifications, and ids that do not exist. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "raw_http.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Specifications that are stored without the library ---- */

static int64_t create(const char *path, const char *json)
{
    char *reply = raw_http(sandbox_url(api.sandbox), path, SANDBOX_KEY, json, 201);
    assert_non_null(reply);
    cJSON *created = cJSON_Parse(reply);
    const int64_t id = log_number(created, "id");

    cJSON_Delete(created);
    free(reply);
    return id;
}

static int64_t create_spec(const char *json)
{
    return create("/v0.7/recognition/specs", json);
}

static int64_t create_version(int64_t spec_id)
{
    char json[256];

    snprintf(json, sizeof json,
             "{\"spec_id\":%lld,\"network_id\":7,\"post_processings\":"
             "[{\"classification\":{\"output_tensor\":\"out\",\"thresholds\":[0.5,0.5]}}]}",
             (long long)spec_id);
    return create("/v0.7/recognition/versions", json);
}

static dm_spec *retrieve(dm_spec_id id)
{
    dm_spec *spec = NULL;
    dm_error error;

    assert_status(dm_spec_retrieve(api.client, id, NULL, &spec, &error), DM_OK, &error);
    assert_non_null(spec);
    return spec;
}

/* ---- Private ---- */

#define METADATA                                                                                                       \
    "{\"author\":\"m\xc3\xa9\",\"big\":9007199254740993,\"small\":0.30000000000000004,\"zero\":0.10,"                  \
    "\"nested\":{\"list\":[1,[],{},null,true]},\"\":\"\"}"

static const char two_outputs[] =
    "{\"name\":\"hot \\\"dogs\\\" \xf0\x9f\x8c\xad\",\"description\":\"line\\nend\",\"metadata\":" METADATA ","
    "\"outputs\":["
    "{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[{\"id\":0,\"name\":\"hot-dog\"},"
    "{\"id\":-7,\"name\":\"caf\\u00e9\"}]}},"
    "{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":false,\"labels\":[{\"id\":9007199254740991,\"name\":\"red\"}]}}]}";

static const char one_output[] = "{\"name\":\"n\",\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,"
                                 "\"labels\":[{\"id\":1,\"name\":\"red\"},"
                                 "{\"id\":2,\"name\":\"blue\"}]}}]}";

static void check_label(const dm_label *label, int64_t id, const char *name)
{
    assert_true(label->id == id);
    assert_string_equal(label->name, name);
}

static void check_two_outputs(const dm_spec *spec)
{
    const dm_labels_output *first = &spec->outputs[0].labels;
    const dm_labels_output *second = &spec->outputs[1].labels;

    assert_int_equal(spec->output_count, 2);
    assert_int_equal(first->roi, DM_ROI_NONE);
    assert_true(first->exclusive);
    assert_int_equal(first->label_count, 2);
    check_label(&first->labels[0], 0, "hot-dog");
    check_label(&first->labels[1], -7, "caf\xc3\xa9");
    assert_int_equal(second->roi, DM_ROI_BBOX);
    assert_false(second->exclusive);
    assert_int_equal(second->label_count, 1);
    check_label(&second->labels[0], INT64_C(9007199254740991), "red");
}

static void a_private_specification_is_returned_with_all_fields(void **state)
{
    const int64_t id = create_spec(two_outputs);
    dm_spec *spec = retrieve(dm_private_spec(id));

    (void)state;
    assert_null(spec->id.public_id);
    assert_true(spec->id.private_id == id);
    assert_string_equal(spec->name, "hot \"dogs\" \xf0\x9f\x8c\xad");
    assert_string_equal(spec->description, "line\nend");
    assert_non_null(spec->update_date);
    assert_non_null(strchr(spec->update_date, 'T'));
    assert_null(spec->current_version_id);
    assert_null(spec->task_id);
    check_two_outputs(spec);
    dm_spec_free(spec);
}

/* The raw reply contains exactly the text of the metadata. */
static void metadata_is_returned_as_it_was_sent(void **state)
{
    const int64_t id = create_spec(two_outputs);
    char path[64];
    snprintf(path, sizeof path, "/v0.7/recognition/specs/%lld", (long long)id);
    char *raw = raw_http(sandbox_url(api.sandbox), path, SANDBOX_KEY, NULL, 200);
    dm_spec *spec = retrieve(dm_private_spec(id));

    (void)state;
    assert_non_null(raw);
    assert_non_null(spec->metadata);
    assert_int_equal(spec->metadata[0], '{');
    assert_non_null(strstr(raw, spec->metadata));
    assert_non_null(strstr(spec->metadata, "9007199254740993"));
    assert_non_null(strstr(spec->metadata, "0.30000000000000004"));
    assert_non_null(strstr(spec->metadata, "m\xc3\xa9"));
    cJSON *sent = cJSON_Parse(METADATA);
    cJSON *received = cJSON_Parse(spec->metadata);
    assert_true(cJSON_Compare(sent, received, true));
    cJSON_Delete(sent);
    cJSON_Delete(received);
    dm_spec_free(spec);
    free(raw);
}

static void a_current_version_is_returned_if_there_is_one(void **state)
{
    const int64_t id = create_spec(one_output);
    dm_spec *before = retrieve(dm_private_spec(id));
    const int64_t version_id = create_version(id);
    dm_spec *after = retrieve(dm_private_spec(id));

    (void)state;
    assert_null(before->current_version_id);
    assert_non_null(after->current_version_id);
    assert_true(*after->current_version_id == version_id);
    dm_spec_free(before);
    dm_spec_free(after);
}

static void omitted_fields_have_their_defaults(void **state)
{
    dm_spec *spec = retrieve(dm_private_spec(create_spec(one_output)));

    (void)state;
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->metadata, "{}");
    dm_spec_free(spec);
}

/* ---- Public ---- */

static void check_public(const char *name, dm_roi_kind roi)
{
    static const char *const colors[] = {"black", "white", "gray",   "red",  "orange", "yellow",
                                         "green", "blue",  "purple", "pink", "brown"};
    const size_t color_count = COUNT(colors);
    dm_spec *spec = retrieve(dm_public_spec(name));
    const dm_labels_output *labels = &spec->outputs[0].labels;

    assert_string_equal(spec->id.public_id, name);
    assert_true(strlen(spec->name) > 0 && strlen(spec->description) > 0);
    assert_string_equal(spec->metadata, "{}");
    assert_null(spec->current_version_id);
    assert_null(spec->task_id);
    assert_non_null(spec->update_date);
    assert_int_equal(spec->output_count, 1);
    assert_int_equal(labels->roi, roi);
    assert_true(labels->exclusive);
    assert_int_equal(labels->label_count, color_count);
    for (size_t i = 0; i < color_count; i++)
        check_label(&labels->labels[i], (int64_t)i, colors[i]);
    dm_spec_free(spec);
}

static void public_specifications_are_returned_with_all_fields(void **state)
{
    (void)state;
    check_public("sandbox-colors", DM_ROI_NONE);
    check_public("sandbox-regions", DM_ROI_BBOX);
}

/* A result is independent: it outlives the client and the text of the id. */
static void a_specification_outlives_its_client(void **state)
{
    dm_client *client = api_client_new(sandbox_url(api.sandbox), SANDBOX_KEY);
    char name[] = "sandbox-colors";
    dm_spec *spec = NULL;

    (void)state;
    assert_status(dm_spec_retrieve(client, dm_public_spec(name), NULL, &spec, NULL), DM_OK, NULL);
    dm_client_free(client);
    memset(name, 'x', strlen(name));
    assert_string_equal(spec->id.public_id, "sandbox-colors");
    assert_string_equal(spec->outputs[0].labels.labels[10].name, "brown");
    dm_spec_free(spec);
}

/* ---- Failures ---- */

static void check_failure(dm_client *client, dm_spec_id id, dm_status expected, int http_status, const char *words,
                          const char *path)
{
    dm_spec *spec = (dm_spec *)(void *)&api;
    dm_error error;

    assert_status(dm_spec_retrieve(client, id, NULL, &spec, &error), expected, &error);
    assert_null(spec);
    assert_int_equal(error.status, expected);
    assert_int_equal(error.http_status, http_status);
    assert_int_equal(error.attempts, 1);
    assert_string_equal(error.task_id.text, "");
    assert_string_equal(error.server_message, words);
    assert_non_null(strstr(error.message, words));
    assert_non_null(strstr(error.message, path));
    assert_non_null(strstr(error.message, sandbox_url(api.sandbox)));
}

static void an_unknown_specification_is_not_found(void **state)
{
    (void)state;
    check_failure(api.client, dm_private_spec(4711), DM_ERR_NOT_FOUND, 404, "Not found.",
                  "/v0.7/recognition/specs/4711");
    check_failure(api.client, dm_public_spec("4711"), DM_ERR_NOT_FOUND, 404, "Not found.",
                  "/v0.7/recognition/public/4711");
}

static void a_private_id_is_not_a_public_one(void **state)
{
    char name[24];
    snprintf(name, sizeof name, "%lld", (long long)create_spec(one_output));

    (void)state;
    check_failure(api.client, dm_public_spec(name), DM_ERR_NOT_FOUND, 404, "Not found.", name);
}

static void a_wrong_key_is_reported_and_not_shown(void **state)
{
    static const char wrong_key[] = "a-wrong-key-0123456789";
    dm_client *client = api_client_new(sandbox_url(api.sandbox), wrong_key);
    dm_spec *spec = NULL;
    dm_error error;

    (void)state;
    check_failure(client, dm_public_spec("sandbox-colors"), DM_ERR_CREDENTIALS, 401,
                  "Authentication credentials were not provided or are not valid.",
                  "/v0.7/recognition/public/sandbox-colors");
    assert_status(dm_spec_retrieve(client, dm_public_spec("sandbox-colors"), NULL, &spec, &error), DM_ERR_CREDENTIALS,
                  &error);
    assert_non_null(strstr(error.message, "API key"));
    assert_null(strstr(error.message, wrong_key));
    dm_client_free(client);
}

static void inference_without_a_version_is_rejected(void **state)
{
    const dm_input input = dm_image_bytes("any", 3);
    dm_inference *inference = NULL;
    dm_error error;

    (void)state;
    assert_status(
        dm_spec_infer(api.client, dm_private_spec(create_spec(one_output)), &input, 1, NULL, NULL, &inference, &error),
        DM_ERR_REJECTED, &error);
    assert_int_equal(error.http_status, 400);
    assert_non_null(strstr(error.message, "no current version"));
    assert_string_equal(error.task_id.text, "");
}

/* ---- Replies that the sandbox does not send ---- */

static dm_spec *retrieve_from_scene(struct scene *scene, const char *reply)
{
    dm_spec *spec = NULL;

    scene_init(scene);
    scene_reply(scene, "200 OK", "Content-Type: application/json\r\n", reply);
    scene_start(scene, NULL);
    assert_status(dm_spec_retrieve(scene->client, dm_private_spec(42), NULL, &spec, &scene->error), DM_OK,
                  &scene->error);
    return spec;
}

static void a_key_that_the_service_repeats_is_not_shown(void **state)
{
    static struct scene scene;
    dm_spec *spec = NULL;

    (void)state;
    scene_init(&scene);
    scene_reply(&scene, "401 Unauthorized", "", "{\"detail\":\"nobody has the key " SCENE_KEY " here\"}");
    scene_start(&scene, NULL);
    const dm_status status = dm_spec_retrieve(scene.client, dm_private_spec(42), NULL, &spec, &scene.error);
    assert_status(scene_check(&scene, status), DM_ERR_CREDENTIALS, &scene.error); /* scene_check looks for the key */
    assert_non_null(strstr(scene.error.server_message, "nobody has the key ***"));
    scene_end(&scene);
}

/* Every byte is the same: numbers that do not fit into a double, escapes, duplicate keys, spaces. */
static void metadata_is_the_exact_text_of_the_reply(void **state)
{
#define EXACT "{ \"a\" : 1e400,\"b\":123456789012345678901234567890 ,\"c\":-0.0,\"d\":1.50E+2,\n\"a\":\"\\u00e9\\/\" }"
    static struct scene scene;
    dm_spec *spec = retrieve_from_scene(&scene, " {\"id\":42,\"metadata\": " EXACT " ,\"name\":\"n\"} ");

    (void)state;
    assert_string_equal(spec->metadata, EXACT);
    dm_spec_free(spec);
    scene_end(&scene);
}

/* New, missing or null fields, and new kinds of outputs, do not prevent the rest from being decoded. */
static void unknown_and_missing_fields_are_tolerated(void **state)
{
    static struct scene scene;
    dm_spec *spec = retrieve_from_scene(
        &scene,
        "{\"id\":42,\"name\":\"n\",\"new\":[{}],\"description\":null,\"metadata\":null,\"current_version_id\":null,"
        "\"outputs\":[{\"text\":{\"labels\":1}},"
        "{\"labels\":{\"roi\":\"POLYGON\",\"exclusive\":false,\"new\":1,\"labels\":[{\"id\":3,\"name\":\"l\",\"c\":0}]}"
        "}]}");

    (void)state;
    assert_null(spec->description);
    assert_null(spec->update_date);
    assert_null(spec->metadata);
    assert_null(spec->current_version_id);
    assert_int_equal(spec->output_count, 2);
    assert_int_equal(spec->outputs[0].labels.label_count, 0);
    assert_int_equal(spec->outputs[1].labels.roi, DM_ROI_OTHER);
    check_label(&spec->outputs[1].labels.labels[0], 3, "l");
    dm_spec_free(spec);
    scene_end(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_private_specification_is_returned_with_all_fields),
        cmocka_unit_test(metadata_is_returned_as_it_was_sent),
        cmocka_unit_test(a_current_version_is_returned_if_there_is_one),
        cmocka_unit_test(omitted_fields_have_their_defaults),
        cmocka_unit_test(public_specifications_are_returned_with_all_fields),
        cmocka_unit_test(a_specification_outlives_its_client),
        cmocka_unit_test(an_unknown_specification_is_not_found),
        cmocka_unit_test(a_private_id_is_not_a_public_one),
        cmocka_unit_test(a_wrong_key_is_reported_and_not_shown),
        cmocka_unit_test(inference_without_a_version_is_rejected),
        cmocka_unit_test(a_key_that_the_service_repeats_is_not_shown),
        cmocka_unit_test(metadata_is_the_exact_text_of_the_reply),
        cmocka_unit_test(unknown_and_missing_fields_are_tolerated),
    };
    return cmocka_run_group_tests(tests, api_setup, api_teardown);
}

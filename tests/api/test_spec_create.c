/* Creating specifications and retrieving them: the requests and the results. */
#include "assert_status.h"
#include "sent_requests.h"
#include "stored_specs.h"
#include "test.h"

#include <string.h>

#define OUTPUTS_JSON                                                                                                   \
    "[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":[{\"id\":7,\"name\":\"brown\"},"                     \
    "{\"id\":-3,\"name\":\"gray\"},{\"id\":0,\"name\":\"black\"}]}},"                                                  \
    "{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":false,\"labels\":[{\"id\":1,\"name\":\"brown\"}]}}]"

/* ---- Create and retrieve ---- */

static void assert_birds(const dm_spec *spec)
{
    assert_null(spec->id.public_id);
    assert_int_equal(spec->id.private_id, 1);
    assert_string_equal(spec->name, "Birds");
    assert_string_equal(spec->description, "of all kinds");
    assert_string_equal(spec->metadata, "{\"author\":\"me\"}");
    assert_null(spec->current_version_id);
    assert_int_equal(strlen(spec->update_date), strlen("2018-02-16T16:37:25.148189Z"));
    assert_outputs(spec);
}

static void a_specification_is_created_with_the_given_fields(void **state)
{
    static const dm_spec_create_options options = {.description = "of all kinds", .metadata = "{\"author\":\"me\"}"};
    static const struct expected_request expected = {
        "POST", "/v0.7/recognition/specs", "",
        "{\"name\":\"Birds\",\"description\":\"of all kinds\",\"metadata\":{\"author\":\"me\"},"
        "\"outputs\":" OUTPUTS_JSON "}",
        201};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, "Birds", two_outputs, 2, &options, NULL, &spec, &test->error));
    assert_birds(spec);
    assert_non_null(spec->task_id);
    assert_string_not_equal(spec->task_id->text, "");
    assert_sent(test, 0, &expected, 1);
    dm_spec_free(spec);
}

static void optional_fields_of_a_create_have_their_defaults(void **state)
{
    static const dm_label label = {5, "red"};
    static const dm_output output = {{.labels = &label, .label_count = 1}};
    static const struct expected_request expected = {
        "POST", "/v0.7/recognition/specs", "",
        "{\"name\":\"Plain\",\"description\":\"\",\"metadata\":{},"
        "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":false,\"labels\":[{\"id\":5,\"name\":\"red\"}]}}]}",
        201};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, "Plain", &output, 1, NULL, NULL, &spec, NULL));
    assert_string_equal(spec->description, "");
    assert_string_equal(spec->metadata, "{}");
    assert_sent(test, 0, &expected, 1);
    dm_spec_free(spec);
}

static void a_specification_is_retrieved_with_all_fields(void **state)
{
    static const dm_spec_create_options options = {.description = "of all kinds", .metadata = "{\"author\":\"me\"}"};
    static const struct expected_request expected = {"GET", "/v0.7/recognition/specs/1", "", NULL, 200};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, "Birds", two_outputs, 2, &options, NULL, &spec, &test->error));
    dm_spec_free(spec);
    const size_t mark = sent_mark(test);
    spec = retrieve_spec(test, 1);
    assert_birds(spec);
    assert_null(spec->task_id);
    assert_sent(test, mark, &expected, 1);
    dm_spec_free(spec);
}

static void a_public_specification_is_retrieved_by_its_name(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/recognition/public/sandbox-regions", "", NULL, 200};
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_retrieve(test->client, dm_public_spec("sandbox-regions"), NULL, &spec, &test->error));
    assert_string_equal(spec->id.public_id, "sandbox-regions");
    assert_string_equal(spec->name, "Regions");
    assert_null(spec->current_version_id);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_BBOX);
    assert_int_equal(spec->outputs[0].labels.label_count, 11);
    assert_sent(test, 0, &expected, 1);
    dm_spec_free(spec);
}

static void a_public_name_of_digits_is_not_a_private_number(void **state)
{
    struct api_test *test = *state;
    dm_spec *spec = NULL;

    create_spec(test, "number 1");
    const size_t mark = sent_mark(test);
    assert_status(dm_spec_retrieve(test->client, dm_public_spec("1"), NULL, &spec, &test->error), DM_ERR_NOT_FOUND,
                  &test->error);
    static const struct expected_request expected = {"GET", "/v0.7/recognition/public/1", "", NULL, 404};
    assert_sent(test, mark, &expected, 1);
    assert_null(spec);
}

static void calls_for_unknown_ids_are_not_found(void **state)
{
    static const dm_spec_changes changes = {.name = "nobody"};
    struct api_test *test = *state;
    const dm_spec_id nobody = dm_private_spec(4711);
    dm_client *client = test->client;
    dm_spec *spec = NULL;
    dm_version *version = NULL;
    dm_version_page *page = NULL;

    assert_not_found(test, dm_spec_retrieve(client, nobody, NULL, &spec, &test->error));
    assert_not_found(test, dm_spec_update(client, nobody, &changes, NULL, &spec, &test->error));
    assert_not_found(test, dm_spec_delete(client, nobody, NULL, &test->error));
    assert_not_found(test, dm_spec_versions(client, nobody, NULL, NULL, &page, &test->error));
    assert_not_found(test, dm_version_retrieve(client, 4711, NULL, &version, &test->error));
    assert_not_found(test, dm_version_delete(client, 4711, NULL, &test->error));
}

/* ---- After the client has been freed ---- */

static void results_outlive_their_client(void **state)
{
    struct api_test *test = *state;

    create_specs(test, 1);
    dm_client *client = api_client_with(test, (dm_client_options){0});
    dm_spec *spec = NULL;
    assert_ok(test, dm_spec_retrieve(client, dm_private_spec(1), NULL, &spec, &test->error));
    dm_client_free(client);
    assert_outputs(spec);
    assert_string_equal(spec->name, "number 1");
    dm_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SPEC_TEST(a_specification_is_created_with_the_given_fields),
        SPEC_TEST(optional_fields_of_a_create_have_their_defaults),
        SPEC_TEST(a_specification_is_retrieved_with_all_fields),
        SPEC_TEST(a_public_specification_is_retrieved_by_its_name),
        SPEC_TEST(a_public_name_of_digits_is_not_a_private_number),
        SPEC_TEST(calls_for_unknown_ids_are_not_found),
        SPEC_TEST(results_outlive_their_client),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

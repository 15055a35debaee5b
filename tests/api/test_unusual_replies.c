/* Valid replies that the sandbox never sends: unknown, missing and null members, and numbers at their limits. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "fault_server.h"
#include "http_reply.h"
#include "round_trip_test.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

static const dm_spec_id any_spec = {.private_id = 1};

/* A server that sends this reply to each request, and a client for it. */
struct canned {
    struct fault_server *server;
    dm_client *client;
    char *reply;
};

static struct canned canned_start(const char *body)
{
    const size_t size = strlen(body) + 512;
    struct canned canned = {.reply = malloc(size)};

    assert_non_null(canned.reply);
    const struct fault_step step = {
        .reply = canned.reply,
        .reply_length = http_reply(canned.reply, size, "200 OK", "Content-Type: application/json\r\n", body)};
    assert_true(step.reply_length > 0);
    canned.server = fault_server_start(&step, 1);
    assert_non_null(canned.server);
    canned.client = api_client_new(fault_server_url(canned.server), SANDBOX_KEY);
    return canned;
}

static void canned_stop(struct canned *canned)
{
    dm_client_free(canned->client);
    fault_server_stop(canned->server);
    free(canned->reply);
}

/* The specification decoded from this reply; NULL and *error if decoding fails. */
static dm_spec *decode_spec(const char *body, dm_error *error)
{
    struct canned canned = canned_start(body);
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_retrieve(canned.client, any_spec, NULL, &spec, error);

    assert_int_equal(status == DM_OK, spec != NULL);
    canned_stop(&canned);
    return spec;
}

static void free_form_json_is_the_exact_text_of_the_reply(void **state)
{
    static const char body[] =
        "{\"metadata\" :\t{ \"n\" : 123456789012345678901234567890 ,\n\"n\":1e400,\"m\":-0,\"e\":\"\\u00e9\\/\"} ,"
        "\"id\":1,\"name\":\"a\"}";
    dm_error error;

    (void)state;
    dm_spec *spec = decode_spec(body, &error);
    assert_non_null(spec);
    assert_string_equal(spec->metadata,
                        "{ \"n\" : 123456789012345678901234567890 ,\n\"n\":1e400,\"m\":-0,\"e\":\"\\u00e9\\/\"}");
    dm_spec_free(spec);
}

static void unknown_fields_are_tolerated(void **state)
{
    static const char body[] =
        "{\"new\":[{\"deep\":null}],\"id\":1,\"name\":\"a\",\"outputs\":["
        "{\"labels\":{\"labels\":[{\"id\":1,\"name\":\"x\",\"color\":\"#fff\"}],\"exclusive\":false,\"roi\":\"NONE\","
        "\"new\":1},\"new\":{}},"
        "{\"segments\":{\"classes\":3}},"
        "{\"labels\":{\"labels\":[],\"exclusive\":true,\"roi\":\"POLYGON\"}}]}";
    dm_error error;

    (void)state;
    dm_spec *spec = decode_spec(body, &error);
    assert_non_null(spec);
    assert_int_equal(spec->output_count, 3);
    assert_string_equal(spec->outputs[0].labels.labels[0].name, "x");
    assert_int_equal(spec->outputs[1].labels.label_count, 0);
    assert_int_equal(spec->outputs[2].labels.roi, DM_ROI_OTHER);
    dm_spec_free(spec);
}

static void assert_bare(const dm_spec *spec)
{
    assert_non_null(spec);
    assert_null(spec->description);
    assert_null(spec->update_date);
    assert_null(spec->metadata);
    assert_null(spec->current_version_id);
    assert_null(spec->task_id);
    assert_int_equal(spec->output_count, 0);
}

static void null_is_the_same_as_absent(void **state)
{
    dm_error error;

    (void)state;
    dm_spec *absent = decode_spec("{\"id\":1,\"name\":\"a\"}", &error);
    dm_spec *null = decode_spec("{\"id\":1,\"name\":\"a\",\"description\":null,\"update_date\":null,\"metadata\":null,"
                                "\"current_version_id\":null,\"task_id\":null,\"outputs\":null}",
                                &error);
    assert_bare(absent);
    assert_bare(null);
    dm_spec_free(absent);
    dm_spec_free(null);
}

static void assert_undecodable(const char *body, const char *field)
{
    dm_error error;

    assert_null(decode_spec(body, &error));
    assert_status(error.status, DM_ERR_BAD_RESPONSE, &error);
    if (strstr(error.message, field) == NULL)
        fail_msg("expected %s in the message, got: %s", field, error.message);
}

static void an_integer_that_cannot_be_held_exactly_is_an_error(void **state)
{
    (void)state;
    assert_undecodable("{\"id\":9223372036854775808,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":9007199254740990.6,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":1.5,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":1e300,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":1e400,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":1,\"name\":\"a\",\"current_version_id\":9223372036854775808}", "current_version_id");
    assert_undecodable("{\"id\":1,\"name\":\"a\",\"outputs\":[{\"labels\":{\"labels\":["
                       "{\"id\":-9223372036854775809,\"name\":\"x\"}]}}]}",
                       "outputs[0].labels.labels[0].id");
}

static void a_required_field_that_is_missing_is_named(void **state)
{
    (void)state;
    assert_undecodable("{\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":null,\"name\":\"a\"}", "id");
    assert_undecodable("{\"id\":1}", "name");
    assert_undecodable("{\"id\":1,\"name\":2}", "name");
    assert_undecodable("{\"id\":1,\"name\":\"a\",\"metadata\":[]}", "metadata");
    assert_undecodable("{\"id\":1,\"name\":\"a\",\"outputs\":{}}", "outputs");
}

static void a_count_that_cannot_be_held_exactly_is_an_error(void **state)
{
    struct canned canned =
        canned_start("{\"count\":9223372036854775808,\"next\":null,\"previous\":null,\"results\":[]}");
    dm_spec_page *page = NULL;
    dm_version_page *versions = NULL;
    dm_error error;

    (void)state;
    assert_status(dm_spec_list(canned.client, DM_VISIBILITY_PRIVATE, NULL, NULL, &page, &error), DM_ERR_BAD_RESPONSE,
                  &error);
    assert_non_null(strstr(error.message, "count"));
    assert_null(page);
    assert_status(dm_version_list(canned.client, NULL, NULL, &versions, &error), DM_ERR_BAD_RESPONSE, &error);
    assert_null(versions);
    canned_stop(&canned);
}

static void a_version_tolerates_unknown_and_null_fields(void **state)
{
    static const char body[] = "{\"id\":9007199254740991,\"spec_id\":2,\"network_id\":3,\"post_processings\":[ 1.0 ],"
                               "\"spec_name\":null,\"new\":{\"a\":[]}}";
    struct canned canned = canned_start(body);
    dm_version *version = NULL;
    dm_error error;

    (void)state;
    assert_status(dm_version_retrieve(canned.client, 1, NULL, &version, &error), DM_OK, &error);
    assert_true(version->id == most_exact);
    assert_null(version->spec_name);
    assert_null(version->network_name);
    assert_null(version->update_date);
    assert_string_equal(version->post_processings, "[ 1.0 ]");
    dm_version_free(version);
    canned_stop(&canned);
}

static void a_tasks_data_are_json_text_whatever_they_are(void **state)
{
    static const char body[] = "{\"id\":7,\"status\":\"success\",\"error\":null,\"new\":1,"
                               "\"data\":{ \"model\" : 12345678901234567890, \"outputs\":\"elsewhere\" }}";
    struct canned canned = canned_start(body);
    const dm_task_id id = {"7"};
    dm_task *task = NULL;
    dm_error error;

    (void)state;
    assert_status(dm_task_retrieve(canned.client, id, NULL, &task, &error), DM_OK, &error);
    assert_string_equal(task->id.text, "7");
    assert_null(task->inference);
    assert_null(task->date_created);
    assert_string_equal(task->data, "{ \"model\" : 12345678901234567890, \"outputs\":\"elsewhere\" }");
    dm_task_free(task);
    canned_stop(&canned);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_form_json_is_the_exact_text_of_the_reply),
        cmocka_unit_test(unknown_fields_are_tolerated),
        cmocka_unit_test(null_is_the_same_as_absent),
        cmocka_unit_test(an_integer_that_cannot_be_held_exactly_is_an_error),
        cmocka_unit_test(a_required_field_that_is_missing_is_named),
        cmocka_unit_test(a_count_that_cannot_be_held_exactly_is_an_error),
        cmocka_unit_test(a_version_tolerates_unknown_and_null_fields),
        cmocka_unit_test(a_tasks_data_are_json_text_whatever_they_are),
    };
    return cmocka_run_group_tests(tests, start, own_api_teardown);
}

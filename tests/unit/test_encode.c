#include "base/json.h"
#include "codec/encode.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct request request;
    dm_error error;
    struct failure failure;
};

static void begin(struct fixture *fixture)
{
    request_init(&fixture->request, "POST");
    failure_init(&fixture->failure, &fixture->error);
}

/* The status after an encoder. */
#define STATUS_OF(encode, fixture, ...)                                                                                \
    (encode(&(fixture)->request, __VA_ARGS__, &(fixture)->failure), (fixture)->failure.status)

/* The body consists of these bytes, which are valid JSON. */
static void assert_body(struct fixture *fixture, dm_status status, const char *wanted)
{
    struct json_fault fault;
    assert_int_equal(status, DM_OK);
    assert_true(request_finish(&fixture->request, &fixture->failure));
    assert_int_equal(fixture->request.media, MEDIA_JSON);
    assert_string_equal(fixture->request.body.text.data, wanted);
    assert_int_equal(fixture->request.body.length, strlen(wanted));
    assert_true(json_check(wanted, strlen(wanted), JSON_DEPTH_OF_REPLY, &fault));
    request_free(&fixture->request);
}

/* The encoder fails with this message, and the body is empty. */
static void assert_refused(struct fixture *fixture, dm_status status, const char *message)
{
    assert_int_equal(status, DM_ERR_INVALID_ARGUMENT);
    assert_int_equal(fixture->error.status, DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(fixture->error.message, message);
    assert_int_equal(fixture->request.media, MEDIA_NONE);
    assert_int_equal(fixture->request.body.text.length, 0);
    request_free(&fixture->request);
}

/* ---- Specifications ---- */

static const dm_label birds[] = {{0, "hot-dog"}, {1, "not hot-dog"}};

static void the_documented_specification_is_written(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    static const dm_spec_create_options options = {.description = "To recognize various types of birds",
                                                   .metadata = "{\"author\": \"me\", \"project\": \"Birds 101\"}"};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_body(&fixture, STATUS_OF(encode_spec, &fixture, "My recognition model", outputs, 1, &options),
                "{\"name\":\"My recognition model\",\"description\":\"To recognize various types of birds\","
                "\"metadata\":{\"author\": \"me\", \"project\": \"Birds 101\"},"
                "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":["
                "{\"id\":0,\"name\":\"hot-dog\"},{\"id\":1,\"name\":\"not hot-dog\"}]}}]}");
}

static void optional_fields_have_the_api_s_defaults(void **state)
{
    static const dm_output outputs[] = {{{NULL, 0, false, DM_ROI_BBOX}}, {{birds, 1, false, DM_ROI_NONE}}};
    static const dm_spec_create_options none = {0};
    static const char wanted[] = "{\"name\":\"\",\"description\":\"\",\"metadata\":{},\"outputs\":["
                                 "{\"labels\":{\"roi\":\"BBOX\",\"exclusive\":false,\"labels\":[]}},"
                                 "{\"labels\":{\"roi\":\"NONE\",\"exclusive\":false,\"labels\":["
                                 "{\"id\":0,\"name\":\"hot-dog\"}]}}]}";
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_body(&fixture, STATUS_OF(encode_spec, &fixture, "", outputs, 2, NULL), wanted);
    begin(&fixture);
    assert_body(&fixture, STATUS_OF(encode_spec, &fixture, "", outputs, 2, &none), wanted);
}

static void texts_are_escaped_and_metadata_is_sent_unchanged(void **state)
{
    static const dm_label labels[] = {{INT64_MIN, "\xe2\x82\xac\"\\"}, {INT64_MAX, "\n\x01"}};
    static const dm_output outputs[] = {{{labels, 2, false, DM_ROI_NONE}}};
    static const dm_spec_create_options options = {
        .description = "{", .metadata = " {\"n\":1234567890123456789 ,\t\"x\":0.30000000000000004,\"n\":1e400}\n"};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_body(&fixture, STATUS_OF(encode_spec, &fixture, "tab\there", outputs, 1, &options),
                "{\"name\":\"tab\\there\",\"description\":\"{\","
                "\"metadata\": {\"n\":1234567890123456789 ,\t\"x\":0.30000000000000004,\"n\":1e400}\n,"
                "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":false,\"labels\":["
                "{\"id\":-9223372036854775808,\"name\":\"\xe2\x82\xac\\\"\\\\\"},"
                "{\"id\":9223372036854775807,\"name\":\"\\n\\u0001\"}]}}]}");
}

static void a_hundred_thousand_labels_are_written(void **state)
{
    enum { COUNT = 100000 };
    dm_label *labels = malloc(COUNT * sizeof *labels);
    struct fixture fixture;
    struct json_fault fault;
    (void)state;
    assert_non_null(labels);
    for (int64_t i = 0; i < COUNT; i++)
        labels[i] = (dm_label){i, "label"};
    const dm_output output = {{labels, COUNT, false, DM_ROI_NONE}};
    begin(&fixture);
    assert_int_equal(STATUS_OF(encode_spec, &fixture, "many", &output, 1, NULL), DM_OK);
    assert_true(request_finish(&fixture.request, &fixture.failure));
    assert_true(json_check(fixture.request.body.text.data, fixture.request.body.length, JSON_DEPTH_OF_VALUE, &fault));
    request_free(&fixture.request);
    free(labels);
}

static void a_wrong_name_is_refused(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, NULL, outputs, 1, NULL), "name must not be NULL");
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, "\xc0\xaf", outputs, 1, NULL), "name is not valid UTF-8");
}

static void a_specification_has_an_output(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, "x", NULL, 1, NULL), "outputs must not be NULL");
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, "x", outputs, 0, NULL),
                   "a specification needs at least one output");
}

static void a_wrong_output_is_named(void **state)
{
    static const dm_label nameless[] = {{0, "ok"}, {1, "ok"}, {2, NULL}};
    static const dm_label broken[] = {{0, "\xed\xa0\x80"}};
    static const struct {
        dm_labels_output output;
        const char *message;
    } bad[] = {
        {{NULL, 1, false, DM_ROI_NONE}, "outputs[1].labels.labels must not be NULL"},
        {{birds, 2, false, DM_ROI_OTHER}, "outputs[1].labels.roi must be DM_ROI_NONE or DM_ROI_BBOX"},
        {{birds, 2, false, (dm_roi_kind)77}, "outputs[1].labels.roi must be DM_ROI_NONE or DM_ROI_BBOX"},
        {{nameless, 3, false, DM_ROI_NONE}, "outputs[1].labels.labels[2].name must not be NULL"},
        {{broken, 1, false, DM_ROI_NONE}, "outputs[1].labels.labels[0].name is not valid UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_output outputs[] = {{{birds, 2, true, DM_ROI_BBOX}}, {bad[i].output}};
        struct fixture fixture;
        begin(&fixture);
        assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, "x", outputs, 2, NULL), bad[i].message);
    }
}

static void wrong_options_are_named(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    static const struct {
        dm_spec_create_options options;
        const char *message;
    } bad[] = {
        {{.description = "\xff"}, "options.description is not valid UTF-8"},
        {{.metadata = "[]"}, "options.metadata must be a JSON object, {...}"},
        {{.metadata = "null"}, "options.metadata must be a JSON object, {...}"},
        {{.metadata = ""}, "options.metadata is not JSON that can be sent: at byte 0, it ends too early"},
        {{.metadata = "{}{}"}, "options.metadata is not JSON that can be sent: at byte 2, something follows the value"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct fixture fixture;
        begin(&fixture);
        assert_refused(&fixture, STATUS_OF(encode_spec, &fixture, "x", outputs, 1, &bad[i].options), bad[i].message);
    }
}

/* ---- Changes ---- */

static void assert_changes(dm_spec_changes changes, const char *wanted)
{
    struct fixture fixture;
    begin(&fixture);
    assert_body(&fixture, STATUS_OF(encode_spec_changes, &fixture, &changes), wanted);
}

static void assert_bad_changes(const dm_spec_changes *changes, const char *message)
{
    struct fixture fixture;
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_spec_changes, &fixture, changes), message);
}

static void each_change_is_sent_alone_and_all_together(void **state)
{
    const int64_t version = INT64_MAX;
    (void)state;
    assert_changes((dm_spec_changes){.name = "new \"name\""}, "{\"name\":\"new \\\"name\\\"\"}");
    assert_changes((dm_spec_changes){.name = ""}, "{\"name\":\"\"}");
    assert_changes((dm_spec_changes){.description = ""}, "{\"description\":\"\"}");
    assert_changes((dm_spec_changes){.metadata = "{}"}, "{\"metadata\":{}}");
    assert_changes((dm_spec_changes){.current_version_id = &version}, "{\"current_version_id\":9223372036854775807}");
    assert_changes((dm_spec_changes){.clear_current_version = true}, "{\"current_version_id\":null}");
    assert_changes(
        (dm_spec_changes){.name = "n", .description = "d", .metadata = "{\"a\":[{}]}", .current_version_id = &version},
        "{\"name\":\"n\",\"description\":\"d\",\"metadata\":{\"a\":[{}]},\"current_version_id\":9223372036854775807}");
}

static void no_change_is_refused(void **state)
{
    static const dm_spec_changes none = {0};
    (void)state;
    assert_bad_changes(NULL, "there is nothing to change");
    assert_bad_changes(&none, "there is nothing to change");
}

static void wrong_changes_are_named(void **state)
{
    static const int64_t version = 1;
    static const int64_t zero = 0;
    static const int64_t negative = -1;
    static const struct {
        dm_spec_changes changes;
        const char *message;
    } bad[] = {
        {{.name = "\xff"}, "changes.name is not valid UTF-8"},
        {{.description = "\xff"}, "changes.description is not valid UTF-8"},
        {{.metadata = "[]"}, "changes.metadata must be a JSON object, {...}"},
        {{.current_version_id = &zero}, "*changes.current_version_id is 0; an id is positive"},
        {{.current_version_id = &negative}, "*changes.current_version_id is -1; an id is positive"},
        {{.current_version_id = &version, .clear_current_version = true},
         "changes.current_version_id and changes.clear_current_version cannot be used together"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_bad_changes(&bad[i].changes, bad[i].message);
}

/* ---- Versions ---- */

static void a_version_is_written(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_body(&fixture,
                STATUS_OF(encode_version, &fixture, 42, INT64_MAX,
                          "[{\"classification\": {\"output_tensor\": \"y\", \"thresholds\": [0.5]}}]"),
                "{\"spec_id\":42,\"network_id\":9223372036854775807,\"post_processings\":"
                "[{\"classification\": {\"output_tensor\": \"y\", \"thresholds\": [0.5]}}]}");
}

static void a_wrong_version_is_refused(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_version, &fixture, 42, 0, "[]"), "network_id is 0; an id is positive");
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_version, &fixture, 42, 1, "{}"),
                   "post_processings must be a JSON array, [...]");
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_version, &fixture, 42, 1, "["),
                   "post_processings is not JSON that can be sent: at byte 1, it ends too early");
    begin(&fixture);
    assert_refused(&fixture, STATUS_OF(encode_version, &fixture, 42, 1, NULL), "post_processings must not be NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_specification_is_written),
        cmocka_unit_test(optional_fields_have_the_api_s_defaults),
        cmocka_unit_test(texts_are_escaped_and_metadata_is_sent_unchanged),
        cmocka_unit_test(a_hundred_thousand_labels_are_written),
        cmocka_unit_test(a_wrong_name_is_refused),
        cmocka_unit_test(a_specification_has_an_output),
        cmocka_unit_test(a_wrong_output_is_named),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(each_change_is_sent_alone_and_all_together),
        cmocka_unit_test(no_change_is_refused),
        cmocka_unit_test(wrong_changes_are_named),
        cmocka_unit_test(a_version_is_written),
        cmocka_unit_test(a_wrong_version_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/json_text.h"
#include "codec/encode.h"

#include "test.h"

#include <stdlib.h>
#include <string.h>

struct fixture {
    struct request request;
    dm_error error;
};

static void begin(struct fixture *fixture)
{
    request_init(&fixture->request, "POST");
    memset(&fixture->error, 0, sizeof fixture->error);
}

/* The body is these bytes, and JSON. */
static void assert_body(struct fixture *fixture, dm_status status, const char *wanted)
{
    struct json_fault fault;
    assert_int_equal(status, DM_OK);
    assert_int_equal(request_finish(&fixture->request), DM_OK);
    assert_int_equal(fixture->request.media, MEDIA_JSON);
    assert_string_equal(fixture->request.body.text.data, wanted);
    assert_int_equal(fixture->request.body.length, strlen(wanted));
    assert_true(json_scan(wanted, strlen(wanted), JSON_DEPTH_OF_REPLY, &fault));
    request_free(&fixture->request);
}

/* Nothing was written. */
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
    assert_body(&fixture, encode_spec(&fixture.request, "My recognition model", outputs, 1, &options, &fixture.error),
                "{\"name\":\"My recognition model\",\"description\":\"To recognize various types of birds\","
                "\"metadata\":{\"author\": \"me\", \"project\": \"Birds 101\"},"
                "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,\"labels\":["
                "{\"id\":0,\"name\":\"hot-dog\"},{\"id\":1,\"name\":\"not hot-dog\"}]}}]}");
}

static void what_is_optional_has_the_api_s_defaults(void **state)
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
    assert_body(&fixture, encode_spec(&fixture.request, "", outputs, 2, NULL, &fixture.error), wanted);
    begin(&fixture);
    assert_body(&fixture, encode_spec(&fixture.request, "", outputs, 2, &none, &fixture.error), wanted);
}

static void texts_are_escaped_and_metadata_is_sent_as_it_stands(void **state)
{
    static const dm_label labels[] = {{-9007199254740991, "\xe2\x82\xac\"\\"}, {9007199254740991, "\n\x01"}};
    static const dm_output outputs[] = {{{labels, 2, false, DM_ROI_NONE}}};
    static const dm_spec_create_options options = {
        .description = "{", .metadata = " {\"n\":1234567890123456789 ,\t\"x\":0.30000000000000004,\"n\":1e400}\n"};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_body(&fixture, encode_spec(&fixture.request, "tab\there", outputs, 1, &options, &fixture.error),
                "{\"name\":\"tab\\there\",\"description\":\"{\","
                "\"metadata\": {\"n\":1234567890123456789 ,\t\"x\":0.30000000000000004,\"n\":1e400}\n,"
                "\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":false,\"labels\":["
                "{\"id\":-9007199254740991,\"name\":\"\xe2\x82\xac\\\"\\\\\"},"
                "{\"id\":9007199254740991,\"name\":\"\\n\\u0001\"}]}}]}");
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
    assert_int_equal(encode_spec(&fixture.request, "many", &output, 1, NULL, &fixture.error), DM_OK);
    assert_int_equal(request_finish(&fixture.request), DM_OK);
    assert_true(json_scan(fixture.request.body.text.data, fixture.request.body.length, JSON_DEPTH_OF_VALUE, &fault));
    request_free(&fixture.request);
    free(labels);
}

static void a_wrong_name_is_refused(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, encode_spec(&fixture.request, NULL, outputs, 1, NULL, &fixture.error),
                   "name must not be NULL");
    begin(&fixture);
    assert_refused(&fixture, encode_spec(&fixture.request, "\xc0\xaf", outputs, 1, NULL, &fixture.error),
                   "name is not valid UTF-8");
}

static void a_specification_has_an_output(void **state)
{
    static const dm_output outputs[] = {{{birds, 2, true, DM_ROI_NONE}}};
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, encode_spec(&fixture.request, "x", NULL, 1, NULL, &fixture.error),
                   "outputs must not be NULL");
    begin(&fixture);
    assert_refused(&fixture, encode_spec(&fixture.request, "x", outputs, 0, NULL, &fixture.error),
                   "a specification needs at least one output");
}

static void a_wrong_output_is_named(void **state)
{
    static const dm_label beyond[] = {{0, "ok"}, {9007199254740992, "x"}};
    static const dm_label below[] = {{-9007199254740992, "x"}};
    static const dm_label nameless[] = {{0, "ok"}, {1, "ok"}, {2, NULL}};
    static const dm_label broken[] = {{0, "\xed\xa0\x80"}};
    static const struct {
        dm_labels_output output;
        const char *message;
    } bad[] = {
        {{NULL, 1, false, DM_ROI_NONE}, "outputs[1].labels.labels must not be NULL"},
        {{birds, 2, false, DM_ROI_OTHER}, "outputs[1].labels.roi must be DM_ROI_NONE or DM_ROI_BBOX"},
        {{birds, 2, false, (dm_roi_kind)77}, "outputs[1].labels.roi must be DM_ROI_NONE or DM_ROI_BBOX"},
        {{beyond, 2, false, DM_ROI_NONE},
         "outputs[1].labels.labels[1].id is 9007199254740992; it must be from -(2^53 - 1) to 2^53 - 1"},
        {{below, 1, false, DM_ROI_NONE},
         "outputs[1].labels.labels[0].id is -9007199254740992; it must be from -(2^53 - 1) to 2^53 - 1"},
        {{nameless, 3, false, DM_ROI_NONE}, "outputs[1].labels.labels[2].name must not be NULL"},
        {{broken, 1, false, DM_ROI_NONE}, "outputs[1].labels.labels[0].name is not valid UTF-8"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_output outputs[] = {{{birds, 2, true, DM_ROI_BBOX}}, {bad[i].output}};
        struct fixture fixture;
        begin(&fixture);
        assert_refused(&fixture, encode_spec(&fixture.request, "x", outputs, 2, NULL, &fixture.error), bad[i].message);
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
        assert_refused(&fixture, encode_spec(&fixture.request, "x", outputs, 1, &bad[i].options, &fixture.error),
                       bad[i].message);
    }
}

/* ---- Changes ---- */

static void assert_changes(dm_spec_changes changes, const char *wanted)
{
    struct fixture fixture;
    begin(&fixture);
    assert_body(&fixture, encode_spec_changes(&fixture.request, &changes, &fixture.error), wanted);
}

static void assert_bad_changes(const dm_spec_changes *changes, const char *message)
{
    struct fixture fixture;
    begin(&fixture);
    assert_refused(&fixture, encode_spec_changes(&fixture.request, changes, &fixture.error), message);
}

static void each_change_is_sent_alone_and_all_together(void **state)
{
    const int64_t version = 9007199254740991;
    (void)state;
    assert_changes((dm_spec_changes){.name = "new \"name\""}, "{\"name\":\"new \\\"name\\\"\"}");
    assert_changes((dm_spec_changes){.name = ""}, "{\"name\":\"\"}");
    assert_changes((dm_spec_changes){.description = ""}, "{\"description\":\"\"}");
    assert_changes((dm_spec_changes){.metadata = "{}"}, "{\"metadata\":{}}");
    assert_changes((dm_spec_changes){.current_version_id = &version}, "{\"current_version_id\":9007199254740991}");
    assert_changes((dm_spec_changes){.clear_current_version = true}, "{\"current_version_id\":null}");
    assert_changes(
        (dm_spec_changes){.name = "n", .description = "d", .metadata = "{\"a\":[{}]}", .current_version_id = &version},
        "{\"name\":\"n\",\"description\":\"d\",\"metadata\":{\"a\":[{}]},\"current_version_id\":9007199254740991}");
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
    static const int64_t beyond = 9007199254740992;
    static const struct {
        dm_spec_changes changes;
        const char *message;
    } bad[] = {
        {{.name = "\xff"}, "changes.name is not valid UTF-8"},
        {{.description = "\xff"}, "changes.description is not valid UTF-8"},
        {{.metadata = "[]"}, "changes.metadata must be a JSON object, {...}"},
        {{.current_version_id = &zero}, "*changes.current_version_id is 0; an id is from 1 to 2^53 - 1"},
        {{.current_version_id = &beyond},
         "*changes.current_version_id is 9007199254740992; an id is from 1 to 2^53 - 1"},
        {{.current_version_id = &version, .clear_current_version = true},
         "changes.current_version_id and changes.clear_current_version exclude each other"},
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
                encode_version(&fixture.request, 42, 9007199254740991,
                               "[{\"classification\": {\"output_tensor\": \"y\", \"thresholds\": [0.5]}}]",
                               &fixture.error),
                "{\"spec_id\":42,\"network_id\":9007199254740991,\"post_processings\":"
                "[{\"classification\": {\"output_tensor\": \"y\", \"thresholds\": [0.5]}}]}");
}

static void a_wrong_version_is_refused(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture);
    assert_refused(&fixture, encode_version(&fixture.request, 42, 0, "[]", &fixture.error),
                   "network_id is 0; an id is from 1 to 2^53 - 1");
    begin(&fixture);
    assert_refused(&fixture, encode_version(&fixture.request, 42, 1, "{}", &fixture.error),
                   "post_processings must be a JSON array, [...]");
    begin(&fixture);
    assert_refused(&fixture, encode_version(&fixture.request, 42, 1, "[", &fixture.error),
                   "post_processings is not JSON that can be sent: at byte 1, it ends too early");
    begin(&fixture);
    assert_refused(&fixture, encode_version(&fixture.request, 42, 1, NULL, &fixture.error),
                   "post_processings must not be NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_specification_is_written),
        cmocka_unit_test(what_is_optional_has_the_api_s_defaults),
        cmocka_unit_test(texts_are_escaped_and_metadata_is_sent_as_it_stands),
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

/* Decoding specifications. */
#include "decode_test.h"

static void optional_fields_may_be_absent_or_null(void **state)
{
    static const char *const specs[] = {
        "{\"id\":1,\"name\":\"\"}",
        SPEC("\"description\":null,\"update_date\":null,\"metadata\":null,\"current_version_id\":null,"
             "\"task_id\":null,\"outputs\":null"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++) {
        dm_spec *spec = good_spec(specs[i]);
        assert_null(spec->description);
        assert_null(spec->update_date);
        assert_null(spec->metadata);
        assert_null(spec->current_version_id);
        assert_null(spec->task_id);
        assert_null(spec->outputs);
        assert_int_equal(spec->output_count, 0);
        dm_spec_free(spec);
    }
}

static void unknown_fields_are_ignored_everywhere(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(
        "{\"x\":{\"id\":9},\"id\":1,\"y\":[[]],\"name\":\"n\",\"Name\":5,\"ID\":\"z\",\"outputs\":[{\"new\":1,"
        "\"labels\":"
        "{\"labels\":[{\"color\":null,\"id\":3,\"name\":\"l\",\"NAME\":0}],\"LABELS\":5,\"new\":true}}],\"z\":1e400}");
    assert_int_equal(spec->id.private_id, 1);
    assert_string_equal(spec->name, "n");
    assert_label(&spec->outputs[0].labels.labels[0], 3, "l");
    assert_false(spec->outputs[0].labels.exclusive);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_NONE);
    dm_spec_free(spec);
}

static void an_unknown_kind_of_roi_is_dm_roi_other(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"outputs\":[{\"labels\":{\"roi\":\"MASK\",\"labels\":[]}},"
                                   "{\"labels\":{\"roi\":\"bbox\"}},{\"labels\":{\"roi\":null}}]"));
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_OTHER);
    assert_int_equal(spec->outputs[1].labels.roi, DM_ROI_OTHER);
    assert_int_equal(spec->outputs[2].labels.roi, DM_ROI_NONE);
    dm_spec_free(spec);
}

static void an_output_of_a_kind_that_is_not_known_has_no_labels(void **state)
{
    (void)state;
    dm_spec *spec = good_spec(SPEC("\"outputs\":[{\"masks\":{\"labels\":[5]}},{},{\"labels\":null}]"));
    assert_int_equal(spec->output_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(spec->outputs[i].labels.label_count, 0);
    dm_spec_free(spec);
}

static void a_hundred_thousand_labels_decode(void **state)
{
    enum { COUNT = 100000 };
    struct text json;
    (void)state;
    text_init(&json, TEXT_NO_LIMIT);
    text_append_string(&json, "{\"id\":1,\"name\":\"\",\"outputs\":[{\"labels\":{\"labels\":[");
    for (int64_t i = 0; i < COUNT; i++) {
        text_append_string(&json, i == 0 ? "{\"name\":\"" : ",{\"name\":\"");
        text_append_integer(&json, i);
        text_append_string(&json, "\",\"id\":");
        text_append_integer(&json, -i);
        text_append_string(&json, "}");
    }
    text_append_string(&json, "]}}]}");
    dm_spec *spec = good_spec(json.data);
    assert_int_equal(spec->outputs[0].labels.label_count, COUNT);
    assert_label(&spec->outputs[0].labels.labels[0], 0, "0");
    assert_label(&spec->outputs[0].labels.labels[COUNT - 1], 1 - COUNT, "99999");
    dm_spec_free(spec);
    text_free(&json);
}

static void a_wrong_field_of_a_specification_is_named(void **state)
{
    static const struct bad_field fields[] = {
        {"{}", "id is missing or null, not an integer"},
        {"{\"id\":null,\"name\":\"\"}", "id is missing or null, not an integer"},
        {"{\"id\":true,\"name\":\"\"}", "id is true or false, not an integer"},
        {"{\"id\":[],\"name\":\"\"}", "id is an array, not an integer"},
        {"{\"ID\":1,\"name\":\"\"}", "id is missing or null, not an integer"},
        {"{\"id\":1}", "name is missing or null, not a string"},
        {"{\"id\":1,\"name\":5}", "name is a number, not a string"},
        {SPEC("\"description\":{}"), "description is an object, not a string"},
        {SPEC("\"update_date\":1518799045"), "update_date is a number, not a string"},
        {SPEC("\"metadata\":[]"), "metadata is an array, not an object"},
        {SPEC("\"metadata\":\"{}\""), "metadata is a string, not an object"},
        {SPEC("\"current_version_id\":\"1\""), "current_version_id is a string, not an integer"},
        {SPEC("\"task_id\":{}"), "task_id is an object, not a task's id"},
        {SPEC("\"outputs\":{}"), "outputs is an object, not an array"},
        {SPEC("\"outputs\":[5]"), "outputs[0] is a number, not an object"},
        {SPEC("\"outputs\":[{},null]"), "outputs[1] is missing or null, not an object"},
        {LABELS("\"labels\":{}"), "outputs[0].labels.labels is an object, not an array"},
        {LABELS("\"labels\":[{\"id\":0,\"name\":\"\"},{\"name\":\"\"}]"),
         "outputs[0].labels.labels[1].id is missing or null, not an integer"},
        {LABELS("\"labels\":[\"hat\"]"), "outputs[0].labels.labels[0] is a string, not an object"},
        {LABELS("\"labels\":[{\"id\":0,\"name\":false}]"),
         "outputs[0].labels.labels[0].name is true or false, not a string"},
        {LABELS("\"labels\":[],\"exclusive\":\"true\""), "outputs[0].labels.exclusive is a string, not true or false"},
        {LABELS("\"labels\":[],\"exclusive\":0"), "outputs[0].labels.exclusive is a number, not true or false"},
        {LABELS("\"labels\":[],\"roi\":5"), "outputs[0].labels.roi is a number, not a string"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec, fields);
}

static void labels_that_are_not_an_object_are_named(void **state)
{
    static const struct bad_field fields[] = {
        {SPEC("\"outputs\":[{\"labels\":5}]"), "outputs[0].labels is a number, not an object"},
        {SPEC("\"outputs\":[{},{\"labels\":[{\"id\":1,\"name\":\"\"}]}]"),
         "outputs[1].labels is an array, not an object"},
    };
    (void)state;
    ASSERT_BAD_FIELDS(try_spec, fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(optional_fields_may_be_absent_or_null),
        cmocka_unit_test(unknown_fields_are_ignored_everywhere),
        cmocka_unit_test(an_unknown_kind_of_roi_is_dm_roi_other),
        cmocka_unit_test(an_output_of_a_kind_that_is_not_known_has_no_labels),
        cmocka_unit_test(a_hundred_thousand_labels_decode),
        cmocka_unit_test(a_wrong_field_of_a_specification_is_named),
        cmocka_unit_test(labels_that_are_not_an_object_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

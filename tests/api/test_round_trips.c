/* Stored values come back unchanged; values that cannot be stored exactly are rejected. */
#include "array.h"
#include "round_trip_test.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text ---- */

static void assert_text_returns(struct api_test *test, const char *text)
{
    const dm_label label = {1, text};
    const dm_output output = {{.labels = &label, .label_count = 1}};
    const dm_spec *listed = NULL;
    dm_spec *created = create(test, text, &output, text, NULL);
    dm_spec *retrieved = retrieve(test, created->id);
    dm_spec_page *page = find_in_list(test, created->id, &listed);

    assert_string_equal(created->name, text);
    assert_string_equal(created->description, text);
    assert_string_equal(created->outputs[0].labels.labels[0].name, text);
    assert_string_equal(retrieved->name, text);
    assert_string_equal(retrieved->description, text);
    assert_string_equal(retrieved->outputs[0].labels.labels[0].name, text);
    assert_string_equal(listed->name, text);
    assert_string_equal(listed->description, text);
    dm_spec_free(created);
    dm_spec_free(retrieved);
    dm_spec_page_free(page);
}

static void names_and_labels_return_in_any_script(void **state)
{
    static const char *const texts[] = {
        "caf\xc3\xa9",                              /* precomposed */
        "cafe\xcc\x81",                             /* and with a combining accent, which must not become the same */
        "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",     /* Japanese */
        "\xd7\xa2\xd7\x91\xd7\xa8\xd7\x99\xd7\xaa", /* Hebrew */
        "\xf0\x9f\x90\xa6\xf0\x9f\x87\xab",         /* outside the basic plane */
        "\xe2\x80\xa8line\xe2\x80\xa9paragraph",    /* U+2028, U+2029 */
        "\xef\xbb\xbf_begins with a byte order mark",
        "\xef\xbf\xbd\xef\xbf\xbe\xef\xbf\xbf",     /* U+FFFD, and the noncharacters U+FFFE, U+FFFF */
        "\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", /* around the surrogates, and the last one */
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        assert_text_returns(*state, texts[i]);
}

static void names_and_labels_return_with_quotes_backslashes_and_control_characters(void **state)
{
    static const char *const texts[] = {
        "\"quoted\"",
        "\"",
        "\\",
        "\\\\",
        "back\\slash",
        "ends with \\",
        "\\u0041 \\n",
        "'single'",
        "a/b </script>",
        "tab\tline\nreturn\rfeed\fback\b",
        "\x01\x02\x03\x04\x05\x06\x07\x0b\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17",
        "\x18\x19\x1a\x1b[31mred\x1b[0m\x1c\x1d\x1e\x1f\x7f",
        " around ",
        "%s%n%d",
        "{\"a\":[1]}",
        "null",
    };

    for (size_t i = 0; i < COUNT(texts); i++)
        assert_text_returns(*state, texts[i]);
}

static char *put_character(char *end, unsigned code)
{
    if (code < 0x80) {
        *end++ = (char)code;
    } else if (code < 0x800) {
        *end++ = (char)(0xc0 | code >> 6);
        *end++ = (char)(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        *end++ = (char)(0xe0 | code >> 12);
        *end++ = (char)(0x80 | (code >> 6 & 0x3f));
        *end++ = (char)(0x80 | (code & 0x3f));
    } else {
        *end++ = (char)(0xf0 | code >> 18);
        *end++ = (char)(0x80 | (code >> 12 & 0x3f));
        *end++ = (char)(0x80 | (code >> 6 & 0x3f));
        *end++ = (char)(0x80 | (code & 0x3f));
    }
    return end;
}

static char *every_character(void)
{
    char *text = malloc(4 * 0x110000 + 1);
    char *end = text;

    assert_non_null(text);
    for (unsigned code = 1; code < 0x110000; code++)
        if (code < 0xd800 || code > 0xdfff)
            end = put_character(end, code);
    *end = '\0';
    return text;
}

static void every_unicode_character_returns(void **state)
{
    struct api_test *test = *state;
    char *text = every_character();
    dm_spec *created = create(test, "everything", &plain_output, text, NULL);
    dm_spec *retrieved = retrieve(test, created->id);

    assert_long_text(created->description, text);
    assert_long_text(retrieved->description, text);
    dm_spec_free(created);
    dm_spec_free(retrieved);
    free(text);
}

/* ---- Labels ---- */

static void label_ids_return_exactly_up_to_their_limits(void **state)
{
    const dm_label labels[] = {
        {most_exact, "red"}, {-most_exact, "green"},     {0, "blue"}, {-1, "black"}, {INT64_MAX, "white"},
        {INT64_MIN, "gray"}, {INT32_MAX + 1LL, "orange"}};
    const dm_output output = {{.labels = labels, .label_count = COUNT(labels)}};
    struct api_test *test = *state;
    dm_spec *created = create(test, "ids", &output, NULL, NULL);
    dm_spec *retrieved = retrieve(test, created->id);

    for (size_t i = 0; i < COUNT(labels); i++) {
        assert_true(created->outputs[0].labels.labels[i].id == labels[i].id);
        assert_true(retrieved->outputs[0].labels.labels[i].id == labels[i].id);
    }
    dm_spec_free(created);
    dm_spec_free(retrieved);
}

/* A prediction contains the label's id. */
static void a_prediction_has_the_largest_label_id_exactly(void **state)
{
    const dm_label labels[] = {{most_exact, "brown"}, {-most_exact, "gray"}};
    const dm_output output = {{.labels = labels, .label_count = 2}};
    const dm_input cat = dm_image_file(PHOTOS_DIR "/cat.jpg");
    struct api_test *test = *state;
    dm_spec *spec = create(test, "ids", &output, NULL, NULL);
    dm_version *version = NULL;
    dm_inference *inference = NULL;

    assert_ok(test,
              dm_version_create(test->client, spec->id, 1, "[{\"classification\":{}}]", NULL, &version, &test->error));
    assert_ok(test, dm_spec_infer(test->client, spec->id, &cat, 1, NULL, NULL, &inference, &test->error));
    assert_int_equal(inference->outputs[0].labels.predicted_count, 2);
    assert_true(inference->outputs[0].labels.predicted[0].label_id == most_exact);
    assert_true(inference->outputs[0].labels.predicted[1].label_id == -most_exact);
    dm_inference_free(inference);
    dm_version_free(version);
    dm_spec_free(spec);
}

enum { MANY_LABELS = 100000, LABEL_NAME_SIZE = 24 };

static char (*many_names(void))[LABEL_NAME_SIZE]
{
    char(*names)[LABEL_NAME_SIZE] = calloc(MANY_LABELS, sizeof *names);

    assert_non_null(names);
    for (int i = 0; i < MANY_LABELS; i++)
        snprintf(names[i], LABEL_NAME_SIZE, "label \"%d\"", i);
    return names;
}

static dm_label *many_labels(char (*names)[LABEL_NAME_SIZE])
{
    dm_label *labels = calloc(MANY_LABELS, sizeof *labels);

    assert_non_null(labels);
    for (int i = 0; i < MANY_LABELS; i++)
        labels[i] = (dm_label){i - MANY_LABELS / 2, names[i]};
    return labels;
}

static void assert_labels(const dm_spec *spec, const dm_label *labels, size_t count)
{
    assert_int_equal(spec->output_count, 1);
    assert_int_equal(spec->outputs[0].labels.label_count, count);
    for (size_t i = 0; i < count; i++) {
        const dm_label *label = &spec->outputs[0].labels.labels[i];
        assert_true(label->id == labels[i].id && strcmp(label->name, labels[i].name) == 0);
    }
}

static void a_hundred_thousand_labels_return(void **state)
{
    char(*names)[LABEL_NAME_SIZE] = many_names();
    dm_label *labels = many_labels(names);
    const dm_output output = {{.labels = labels, .label_count = MANY_LABELS, .exclusive = true}};
    struct api_test *test = *state;
    dm_spec *created = create(test, "many", &output, NULL, NULL);
    dm_spec *retrieved = retrieve(test, created->id);

    assert_labels(created, labels, MANY_LABELS);
    assert_labels(retrieved, labels, MANY_LABELS);
    dm_spec_free(created);
    dm_spec_free(retrieved);
    free(labels);
    free(names);
}

/* An output may have no labels. */
static void a_specification_without_labels_returns(void **state)
{
    static const dm_output output = {{.roi = DM_ROI_BBOX}};
    struct api_test *test = *state;
    dm_spec *spec = create(test, "none", &output, NULL, NULL);

    assert_int_equal(spec->output_count, 1);
    assert_int_equal(spec->outputs[0].labels.label_count, 0);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_BBOX);
    dm_spec_free(spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_labels_return_in_any_script),
        cmocka_unit_test(names_and_labels_return_with_quotes_backslashes_and_control_characters),
        cmocka_unit_test(every_unicode_character_returns),
        cmocka_unit_test(label_ids_return_exactly_up_to_their_limits),
        cmocka_unit_test(a_prediction_has_the_largest_label_id_exactly),
        cmocka_unit_test(a_hundred_thousand_labels_return),
        cmocka_unit_test(a_specification_without_labels_returns),
    };
    return cmocka_run_group_tests(tests, start, own_api_teardown);
}

/* Free-form JSON (metadata and post-processings) comes back unchanged; JSON that cannot be stored is rejected. */
#include "array.h"
#include "assert_status.h"
#include "round_trip_test.h"
#include "sent_requests.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Metadata ---- */

/* After a create, a retrieve, a list and an update. */
static void assert_metadata_return(struct api_test *test, const char *metadata)
{
    const dm_spec_changes changes = {.metadata = metadata};
    const dm_spec *listed = NULL;
    dm_spec *updated = NULL;
    dm_spec *created = create(test, "metadata", &plain_output, NULL, metadata);
    dm_spec *retrieved = retrieve(test, created->id);
    dm_spec_page *page = find_in_list(test, created->id, &listed);

    assert_ok(test, dm_spec_update(test->client, created->id, &changes, NULL, &updated, &test->error));
    assert_long_text(created->metadata, metadata);
    assert_long_text(retrieved->metadata, metadata);
    assert_long_text(listed->metadata, metadata);
    assert_long_text(updated->metadata, metadata);
    dm_spec_free(created);
    dm_spec_free(retrieved);
    dm_spec_free(updated);
    dm_spec_page_free(page);
}

static void metadata_return_digit_for_digit(void **state)
{
    static const char *const objects[] = {
        "{\"n\":1234567890123456789}",
        "{\"n\":9223372036854775807,\"m\":-9223372036854775808}",
        "{\"n\":18446744073709551615}",
        "{\"n\":9007199254740993}",
        "{\"n\":0.30000000000000004}",
        "{\"n\":[1.0,1e2,1E+2,-0.0,5e-324,1.7976931348623157e308,0.1000000000000000055511151231257827]}",
        "{\"b\":[true,false,null,{},[],\"\"],\"\":0}",
        "{\"A\":1,\"a\":2,\"\xc3\xa9\":\"\xf0\x9f\x90\xa6\"}",
        "{\"s\":\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\"}",
    };

    for (size_t i = 0; i < COUNT(objects); i++)
        assert_metadata_return(*state, objects[i]);
}

/* An object that contains nested arrays, with this depth in total. */
static char *nested(char first, size_t depth)
{
    char *text = calloc(2 * depth + 16, 1);
    size_t length = 0;

    assert_non_null(text);
    if (first == '{')
        length = (size_t)sprintf(text, "{\"a\":");
    else
        text[length++] = '[';
    memset(text + length, '[', depth - 1);
    length += depth - 1;
    memset(text + length, ']', depth - 1);
    length += depth - 1;
    text[length] = first == '{' ? '}' : ']';
    return text;
}

static void metadata_return_when_nested_to_the_limit(void **state)
{
    char *metadata = nested('{', 128);

    assert_metadata_return(*state, metadata);
    free(metadata);
}

static void assert_metadata_refused(struct api_test *test, const char *metadata)
{
    const dm_spec_create_options options = {.metadata = metadata};
    const dm_spec_changes changes = {.metadata = metadata};
    dm_spec *spec = NULL;

    if (dm_spec_create(test->client, "bad", &plain_output, 1, &options, NULL, &spec, &test->error) !=
        DM_ERR_INVALID_ARGUMENT)
        fail_msg("expected a failure, but the specification was created with the metadata %s", metadata);
    assert_null(spec);
    assert_status(test->error.status, DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_int_equal(test->error.attempts, 0);
    assert_non_null(strstr(test->error.message, "metadata"));
    if (dm_spec_update(test->client, dm_private_spec(1), &changes, NULL, &spec, &test->error) !=
        DM_ERR_INVALID_ARGUMENT)
        fail_msg("expected a failure, but the specification was updated with the metadata %s", metadata);
    assert_null(spec);
    assert_non_null(strstr(test->error.message, "metadata"));
}

static void metadata_nested_deeper_are_not_sent(void **state)
{
    static const size_t depths[] = {129, 130, 1000, 1000000};
    struct api_test *test = *state;
    const size_t mark = sent_mark(test);

    for (size_t i = 0; i < COUNT(depths); i++) {
        char *metadata = nested('{', depths[i]);
        assert_metadata_refused(test, metadata);
        free(metadata);
    }
    assert_nothing_sent(test, mark);
}

/* An object with one string, which repeats the piece. The caller frees it. */
static char *object_of_size(size_t size, const char *piece)
{
    char *object = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&object, &length);

    assert_non_null(out);
    fputs("{\"a\":\"", out);
    while (ftell(out) < (long)size)
        fputs(piece, out);
    fputs("\"}", out);
    assert_int_equal(fclose(out), 0);
    return object;
}

static void a_megabyte_of_metadata_returns(void **state)
{
    char *metadata = object_of_size(1048576, "\\\"\xc3\xa9 plain ");

    assert_true(strlen(metadata) >= 1048576);
    assert_metadata_return(*state, metadata);
    free(metadata);
}

static void brackets_in_a_text_do_not_count_as_nesting(void **state)
{
    char *metadata = object_of_size(500, "[{");

    assert_metadata_return(*state, metadata);
    free(metadata);
}

static void metadata_are_sent_exactly_as_they_are_written(void **state)
{
    static const char metadata[] = " {\n\t\"z\" : 1.50e+1,\r\n \"a\":[ ],\"a\": \"\\u00e9\\/\" } \n";
    struct api_test *test = *state;
    const size_t mark = sent_mark(test);

    dm_spec_free(create(test, "spaces", &plain_output, NULL, metadata));
    struct request_log *log = sent_since(test, mark);
    assert_int_equal(log->count, 1);
    assert_non_null(strstr(log_text(log->items[0], "body"), metadata));
    request_log_free(log);
}

static void metadata_that_are_not_a_json_object_are_not_sent(void **state)
{
    static const char *const texts[] = {
        "",
        " ",
        "metadata",
        "nul",
        "null",
        "true",
        "1",
        "\"{}\"",
        "[]",
        "[{}]", /* not an object */
        "{",
        "{\"a\":1",
        "{\"a\":",
        "{\"a\"",
        "{\"a",
        "{\"a\":[}",
        "}", /* cut short, crossed */
        "{}x",
        "{} {}",
        "{},",
        "{}\x01",
        "{} // c",
        "/* c */{}",
        "\xef\xbb\xbf{}", /* an object with something after it */
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{'a':1}",
        "{1:1}",
        "{\"a\":[1,]}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":0x10}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":-Infinity}",
        "{\"a\":True}",
        "{\"a\":truex}",
        "{\"a\":undefined}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\n\"}",
        "{\"a\":\"\\x41\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"\\u0000\":1}",
        "{\"a\":\"\\ud800\"}",
        "{\"a\":\"\\udc00\\ud800\"}",
        "{\"a\":\"\xe9\"}",
        "{\"a\":\"\xc0\x80\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"\xff\":1}",
        "{\"a\":1}\xff",
    };
    struct api_test *test = *state;
    const size_t mark = sent_mark(test);

    for (size_t i = 0; i < COUNT(texts); i++)
        assert_metadata_refused(test, texts[i]);
    assert_nothing_sent(test, mark);
}

/* ---- Post-processings ---- */

static dm_version *create_version(struct api_test *test, const char *post_processings)
{
    dm_spec *spec = create(test, "versions", &plain_output, NULL, NULL);
    dm_version *version = NULL;

    assert_ok(test, dm_version_create(test->client, spec->id, 1, post_processings, NULL, &version, &test->error));
    dm_spec_free(spec);
    return version;
}

static void assert_post_processings_return(struct api_test *test, const char *post_processings)
{
    dm_version *retrieved = NULL;
    dm_version *created = create_version(test, post_processings);

    assert_ok(test, dm_version_retrieve(test->client, created->id, NULL, &retrieved, &test->error));
    assert_string_equal(created->post_processings, post_processings);
    assert_string_equal(retrieved->post_processings, post_processings);
    dm_version_free(created);
    dm_version_free(retrieved);
}

static void post_processings_return_digit_for_digit(void **state)
{
    assert_post_processings_return(
        *state,
        "[{\"classification\":{\"output_tensor\":\"prob \\\"1\\\" \xc3\xa9\",\"thresholds\":[0.30000000000000004]}}]");
    assert_post_processings_return(
        *state, "[{\"detection\":{\"yolo_output\":{\"n\":[1234567890123456789,1.0,-0.0,1e-7]},\"thresholds\":[0.025],"
                "\"nms_threshold\":0.3,\"normalize_wrt_tensor\":\"\"}}]");
}

static void post_processings_return_when_nested_to_the_limit(void **state)
{
    struct api_test *test = *state;
    /* [{"detection":{"n":[...]}}] adds three levels around the array. */
    char *inner = nested('[', 125);
    char *text = NULL;

    assert_true(asprintf(&text, "[{\"detection\":{\"n\":%s}}]", inner) > 0);
    assert_post_processings_return(test, text);
    free(text);
    free(inner);
}

static void post_processings_nested_deeper_are_not_sent(void **state)
{
    struct api_test *test = *state;
    const size_t mark = sent_mark(test);
    char *text = nested('[', 129);
    dm_version *version = NULL;

    assert_status(dm_version_create(test->client, dm_private_spec(1), 1, text, NULL, &version, &test->error),
                  DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_null(version);
    assert_nothing_sent(test, mark);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metadata_return_digit_for_digit),
        cmocka_unit_test(metadata_return_when_nested_to_the_limit),
        cmocka_unit_test(metadata_nested_deeper_are_not_sent),
        cmocka_unit_test(brackets_in_a_text_do_not_count_as_nesting),
        cmocka_unit_test(a_megabyte_of_metadata_returns),
        cmocka_unit_test(metadata_are_sent_exactly_as_they_are_written),
        cmocka_unit_test(metadata_that_are_not_a_json_object_are_not_sent),
        cmocka_unit_test(post_processings_return_digit_for_digit),
        cmocka_unit_test(post_processings_return_when_nested_to_the_limit),
        cmocka_unit_test(post_processings_nested_deeper_are_not_sent),
    };
    return cmocka_run_group_tests(tests, start, own_api_teardown);
}

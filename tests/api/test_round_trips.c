/* Stored values come back unchanged; values that cannot be stored exactly are refused. */
#include "array.h"
#include "assert_status.h"
#include "fault_server.h"
#include "http_reply.h"
#include "sent_requests.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t most_exact = 9007199254740991; /* 2^53 - 1 */

static const dm_label red = {0, "red"};
static const dm_output plain_output = {{.labels = &red, .label_count = 1}};

static const char *const sandbox_arguments[] = {"--task-delay-ms", "0", NULL};

static int start(void **state)
{
    *state = (void *)sandbox_arguments;
    return own_api_setup(state);
}

static dm_spec *create(struct api_test *test, const char *name, const dm_output *output, const char *description,
                       const char *metadata)
{
    const dm_spec_create_options options = {description, metadata};
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_create(test->client, name, output, 1, &options, NULL, &spec, &test->error));
    return spec;
}

static dm_spec *retrieve(struct api_test *test, dm_spec_id id)
{
    dm_spec *spec = NULL;

    assert_ok(test, dm_spec_retrieve(test->client, id, NULL, &spec, &test->error));
    return spec;
}

/* The latest specification, as the list shows it: *spec lives as long as the page that comes back. */
static dm_spec_page *find_in_list(struct api_test *test, dm_spec_id id, const dm_spec **spec)
{
    const dm_page_options part = {.offset = id.private_id - 1};
    dm_spec_page *page = NULL;

    assert_ok(test, dm_spec_list(test->client, DM_VISIBILITY_PRIVATE, &part, NULL, &page, &test->error));
    assert_int_equal(page->result_count, 1);
    *spec = &page->results[0];
    assert_int_equal((*spec)->id.private_id, id.private_id);
    return page;
}

/* For texts that are too long for the message of a failed assertion. */
static void assert_long_text(const char *actual, const char *expected)
{
    assert_int_equal(strlen(actual), strlen(expected));
    assert_true(strcmp(actual, expected) == 0);
}

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

static void every_character_that_there_is_returns(void **state)
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

/* A prediction bears the label's id. */
static void a_prediction_bears_the_largest_label_id_exactly(void **state)
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

/* An output may be without any label. */
static void no_labels_return_too(void **state)
{
    static const dm_output output = {{.roi = DM_ROI_BBOX}};
    struct api_test *test = *state;
    dm_spec *spec = create(test, "none", &output, NULL, NULL);

    assert_int_equal(spec->output_count, 1);
    assert_int_equal(spec->outputs[0].labels.label_count, 0);
    assert_int_equal(spec->outputs[0].labels.roi, DM_ROI_BBOX);
    dm_spec_free(spec);
}

/* ---- Metadata ---- */

/* By creating, retrieving, listing and updating. */
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

/* An object with arrays in it, `depth` deep all in all. */
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
        fail_msg("created with the metadata %s", metadata);
    assert_null(spec);
    assert_status(test->error.status, DM_ERR_INVALID_ARGUMENT, &test->error);
    assert_int_equal(test->error.attempts, 0);
    assert_non_null(strstr(test->error.message, "metadata"));
    if (dm_spec_update(test->client, dm_private_spec(1), &changes, NULL, &spec, &test->error) !=
        DM_ERR_INVALID_ARGUMENT)
        fail_msg("updated with the metadata %s", metadata);
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

/* An object with one text, made of the piece again and again. The caller frees it. */
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

static void metadata_that_are_no_json_object_are_not_sent(void **state)
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
        "[{}]", /* no object */
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
        "\xef\xbb\xbf{}", /* more than an object */
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
    /* [{"detection":{"n":[...]}}] is three levels around the array. */
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

/* ---- Replies that the sandbox does not give ---- */

static const dm_spec_id any_spec = {.private_id = 1};

/* A server that gives this reply to each request, and a client for it. */
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

/* The specification that such a reply decodes to; *error says why there is none. */
static dm_spec *decode_spec(const char *body, dm_error *error)
{
    struct canned canned = canned_start(body);
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_retrieve(canned.client, any_spec, NULL, &spec, error);

    assert_int_equal(status == DM_OK, spec != NULL);
    canned_stop(&canned);
    return spec;
}

static void free_form_json_is_a_slice_of_the_reply(void **state)
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
        fail_msg("the message does not name %s: %s", field, error.message);
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

static void what_must_be_there_is_named_when_it_is_not(void **state)
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
        cmocka_unit_test(names_and_labels_return_in_any_script),
        cmocka_unit_test(names_and_labels_return_with_quotes_backslashes_and_control_characters),
        cmocka_unit_test(every_character_that_there_is_returns),
        cmocka_unit_test(label_ids_return_exactly_up_to_their_limits),
        cmocka_unit_test(a_prediction_bears_the_largest_label_id_exactly),
        cmocka_unit_test(a_hundred_thousand_labels_return),
        cmocka_unit_test(no_labels_return_too),
        cmocka_unit_test(metadata_return_digit_for_digit),
        cmocka_unit_test(metadata_return_when_nested_to_the_limit),
        cmocka_unit_test(metadata_nested_deeper_are_not_sent),
        cmocka_unit_test(brackets_in_a_text_do_not_count_as_nesting),
        cmocka_unit_test(a_megabyte_of_metadata_returns),
        cmocka_unit_test(metadata_are_sent_exactly_as_they_are_written),
        cmocka_unit_test(metadata_that_are_no_json_object_are_not_sent),
        cmocka_unit_test(post_processings_return_digit_for_digit),
        cmocka_unit_test(post_processings_return_when_nested_to_the_limit),
        cmocka_unit_test(post_processings_nested_deeper_are_not_sent),
        cmocka_unit_test(free_form_json_is_a_slice_of_the_reply),
        cmocka_unit_test(unknown_fields_are_tolerated),
        cmocka_unit_test(null_is_the_same_as_absent),
        cmocka_unit_test(an_integer_that_cannot_be_held_exactly_is_an_error),
        cmocka_unit_test(what_must_be_there_is_named_when_it_is_not),
        cmocka_unit_test(a_count_that_cannot_be_held_exactly_is_an_error),
        cmocka_unit_test(a_version_tolerates_unknown_and_null_fields),
        cmocka_unit_test(a_tasks_data_are_json_text_whatever_they_are),
    };
    return cmocka_run_group_tests(tests, start, own_api_teardown);
}

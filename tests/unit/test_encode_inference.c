#include "codec/encode.h"

#include "comma_locale.h"
#include "open_descriptors.h"
#include "temp_files.h"
#include "test.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BOUNDARY "XyZzY"

static const dm_bbox box = {.xmin = 0.1, .ymin = 0.25, .xmax = 0.30000000000000004, .ymax = 1};
static const dm_point triangle[] = {{0, 0}, {1, 0.5}, {0.5, 1}};

struct fixture {
    struct request request;
    dm_error error;
    struct failure failure;
    size_t descriptors; /* open before */
};

static void begin(struct fixture *fixture)
{
    fixture->descriptors = open_descriptors();
    request_init(&fixture->request, "POST");
    failure_init(&fixture->failure, &fixture->error);
}

static void end(struct fixture *fixture)
{
    request_free(&fixture->request);
    assert_int_equal(open_descriptors(), fixture->descriptors);
}

/* Reads the whole stream, `step` bytes at a time. */
static char *read_stream(const struct body *body, size_t step)
{
    struct body_reader reader;
    size_t total = 0;
    ssize_t got = 0;
    char *stream = malloc(body->length + step);
    assert_non_null(stream);
    assert_true(body_rewind(&reader, body));
    do {
        got = body_read(&reader, stream + total, step);
        assert_in_range(got, 0, step);
        total += (size_t)got;
        assert_true(total <= body->length);
    } while (got > 0);
    assert_int_equal(total, body->length);
    return stream;
}

static void assert_stream(const struct body *body, const char *wanted, size_t length)
{
    static const size_t steps[] = {1, 2, 3, 7, 61, 4096};
    assert_int_equal(body->length, length);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char *stream = read_stream(body, steps[i]);
        if (memcmp(stream, wanted, length) != 0)
            fail_msg("got:\n%.*s\nexpected:\n%.*s", (int)length, stream, (int)length, wanted);
        free(stream);
    }
}

static void assert_written(const dm_input *inputs, size_t count, const dm_infer_options *options,
                           enum request_media media, const char *wanted, size_t length)
{
    struct fixture fixture;
    begin(&fixture);
    encode_inference(&fixture.request, BOUNDARY, &(struct inference_job){inputs, count, options, NULL},
                     &fixture.failure);
    assert_int_equal(fixture.failure.status, DM_OK);
    assert_true(request_finish(&fixture.request, &fixture.failure));
    assert_int_equal(fixture.request.media, media);
    assert_stream(&fixture.request.body, wanted, length);
    end(&fixture);
}

static void assert_json(const dm_input *inputs, size_t count, const dm_infer_options *options, const char *wanted)
{
    assert_written(inputs, count, options, MEDIA_JSON, wanted, strlen(wanted));
}

/* A part of a form. An image has a file name. */
struct part {
    const char *name;
    const char *value;
    bool is_image;
};

static void assert_form(const dm_input *inputs, size_t count, const dm_infer_options *options, const struct part *parts,
                        size_t part_count)
{
    struct text wanted;
    text_init(&wanted, TEXT_NO_LIMIT);
    for (size_t i = 0; i < part_count; i++) {
        text_append_string(&wanted, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"");
        text_append_string(&wanted, parts[i].name);
        text_append_string(&wanted, parts[i].is_image ? "\"; filename=\"image\"\r\n\r\n" : "\"\r\n\r\n");
        text_append_string(&wanted, parts[i].value);
        text_append_string(&wanted, "\r\n");
    }
    text_append_string(&wanted, "--" BOUNDARY "--\r\n");
    assert_written(inputs, count, options, MEDIA_MULTIPART, wanted.data, wanted.length);
    text_free(&wanted);
}

#define ASSERT_FORM(inputs, count, options, parts)                                                                     \
    assert_form(inputs, count, options, parts, sizeof(parts) / sizeof((parts)[0]))

static dm_input with_everything(dm_input input)
{
    input.bbox = &box;
    input.polygon = triangle;
    input.polygon_count = 3;
    input.crop_uniform_background = true;
    return input;
}

/* ---- JSON ---- */

static void an_address_is_sent_as_json(void **state)
{
    const dm_input input = dm_image_url("https://static.deepomatic.com/dog2.jpg?a=\"b\\c\"");
    (void)state;
    assert_json(&input, 1, NULL,
                "{\"inputs\":[{\"image\":{\"source\":\"https://static.deepomatic.com/dog2.jpg?a=\\\"b\\\\c\\\"\"}}]}");
}

static void base64_is_sent_as_a_data_uri_in_json(void **state)
{
    const dm_input input = dm_image_base64("QUJDRA==", 8);
    (void)state;
    assert_json(&input, 1, NULL, "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,QUJDRA==\"}}]}");
}

static void wrapped_and_unpadded_base64_is_normalised(void **state)
{
    const dm_input inputs[] = {dm_image_base64("\nQU\r\nJD R\tA\n", 12), dm_image_base64("QUI", 3),
                               dm_image_base64("QQ =", 4)};
    (void)state;
    assert_json(inputs, 3, NULL,
                "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,QUJDRA==\"}},"
                "{\"image\":{\"source\":\"data:image/*;base64,QUI=\"}},"
                "{\"image\":{\"source\":\"data:image/*;base64,QQ==\"}}]}");
}

static void base64_is_read_to_its_length_and_no_further(void **state)
{
    const dm_input input = dm_image_base64("QUJD//++rest", 8);
    (void)state;
    assert_json(&input, 1, NULL, "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,QUJD//++\"}}]}");
}

static const char everything_as_json[] =
    "{\"inputs\":[{\"image\":{\"source\":\"http://h/x\","
    "\"bbox\":{\"xmin\":0.1,\"ymin\":0.25,\"xmax\":0.30000000000000004,\"ymax\":1},"
    "\"polygon\":[{\"x\":0,\"y\":0},{\"x\":1,\"y\":0.5},{\"x\":0.5,\"y\":1}],"
    "\"crop_uniform_background\":true}}],\"show_discarded\":true,\"max_predictions\":7}";

static void everything_is_sent_as_json(void **state)
{
    const dm_input input = with_everything(dm_image_url("http://h/x"));
    const dm_infer_options options = {.show_discarded = true, .max_predictions = 7};
    (void)state;
    assert_json(&input, 1, &options, everything_as_json);
}

static void each_option_is_sent_alone(void **state)
{
    const dm_input input = dm_image_url("http://h/x");
    static const dm_infer_options none = {0};
    static const dm_infer_options discarded = {.show_discarded = true};
    static const dm_infer_options least = {.max_predictions = 1};
    static const dm_infer_options most = {.max_predictions = INT64_MAX};
    static const struct part form[] = {{.name = "max_predictions", .value = "1"},
                                       {.name = "inputs[0]image.source", .value = "bytes", .is_image = true}};
    const dm_input bytes = dm_image_bytes("bytes", 5);
    (void)state;
    assert_json(&input, 1, &none, "{\"inputs\":[{\"image\":{\"source\":\"http://h/x\"}}]}");
    assert_json(&input, 1, &discarded,
                "{\"inputs\":[{\"image\":{\"source\":\"http://h/x\"}}],\"show_discarded\":true}");
    assert_json(&input, 1, &least, "{\"inputs\":[{\"image\":{\"source\":\"http://h/x\"}}],\"max_predictions\":1}");
    ASSERT_FORM(&bytes, 1, &least, form);
    assert_json(&input, 1, &most,
                "{\"inputs\":[{\"image\":{\"source\":\"http://h/x\"}}],\"max_predictions\":9223372036854775807}");
}

/* ---- Multipart ---- */

static void bytes_are_sent_unchanged(void **state)
{
    static const char bytes[] = "\xff\xd8\0\r\n--" BOUNDARY;
    static const char wanted[] =
        "--XyZzY\r\n"
        "Content-Disposition: form-data; name=\"inputs[0]image.source\"; filename=\"image\"\r\n"
        "\r\n"
        "\xff\xd8\0\r\n--XyZzY\r\n"
        "--XyZzY--\r\n";
    const dm_input input = dm_image_bytes(bytes, sizeof bytes - 1);
    (void)state;
    assert_written(&input, 1, NULL, MEDIA_MULTIPART, wanted, sizeof wanted - 1);
}

static const struct part everything_as_form[] = {
    {.name = "show_discarded", .value = "true"},
    {.name = "max_predictions", .value = "7"},
    {.name = "inputs[0]image.source", .value = "bytes", .is_image = true},
    {.name = "inputs[0]image.bbox.xmin", .value = "0.1"},
    {.name = "inputs[0]image.bbox.ymin", .value = "0.25"},
    {.name = "inputs[0]image.bbox.xmax", .value = "0.30000000000000004"},
    {.name = "inputs[0]image.bbox.ymax", .value = "1"},
    {.name = "inputs[0]image.polygon[0]x", .value = "0"},
    {.name = "inputs[0]image.polygon[0]y", .value = "0"},
    {.name = "inputs[0]image.polygon[1]x", .value = "1"},
    {.name = "inputs[0]image.polygon[1]y", .value = "0.5"},
    {.name = "inputs[0]image.polygon[2]x", .value = "0.5"},
    {.name = "inputs[0]image.polygon[2]y", .value = "1"},
    {.name = "inputs[0]image.crop_uniform_background", .value = "true"},
};

static void everything_is_sent_as_multipart(void **state)
{
    const dm_input input = with_everything(dm_image_bytes("bytes", 5));
    const dm_infer_options options = {.show_discarded = true, .max_predictions = 7};
    (void)state;
    ASSERT_FORM(&input, 1, &options, everything_as_form);
}

static void a_file_is_streamed_from_the_disk(void **state)
{
    static const struct part parts[] = {{.name = "inputs[0]image.source", .value = "from the disk", .is_image = true}};
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "from the disk", 13));
    const dm_input input = dm_image_file(path);
    ASSERT_FORM(&input, 1, NULL, parts);
    free(path);
}

static void one_file_makes_all_inputs_multipart(void **state)
{
    static const struct part parts[] = {
        {.name = "inputs[0]image.source", .value = "http://h/\xc3\xa9?\"x\""},
        {.name = "inputs[1]image.source", .value = "data:image/*;base64,QUI="},
        {.name = "inputs[1]image.crop_uniform_background", .value = "true"},
        {.name = "inputs[2]image.source", .value = "file", .is_image = true},
    };
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "file", 4));
    dm_input inputs[] = {dm_image_url("http://h/\xc3\xa9?\"x\""), dm_image_base64("QU\nI", 4), dm_image_file(path)};
    inputs[1].crop_uniform_background = true;
    ASSERT_FORM(inputs, 3, NULL, parts);
    free(path);
}

static void a_file_may_be_sent_twice_in_one_request_and_beside_bytes(void **state)
{
    static const struct part parts[] = {
        {.name = "inputs[0]image.source", .value = "file", .is_image = true},
        {.name = "inputs[1]image.source", .value = "bytes", .is_image = true},
        {.name = "inputs[2]image.source", .value = "file", .is_image = true},
    };
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "file", 4));
    const dm_input inputs[] = {dm_image_file(path), dm_image_bytes("bytes", 5), dm_image_file(path)};
    ASSERT_FORM(inputs, 3, NULL, parts);
    free(path);
}

/* Enough inputs to make the list of pieces and the text grow. */
static void many_inputs_keep_their_order(void **state)
{
    enum { COUNT = 300 };
    static char names[COUNT][32];
    static char values[COUNT][2];
    static struct part parts[COUNT];
    dm_input *inputs = calloc(COUNT, sizeof *inputs);
    (void)state;
    assert_non_null(inputs);
    for (size_t i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "inputs[%zu]image.source", i);
        values[i][0] = (char)('a' + i % 26);
        inputs[i] = dm_image_bytes(values[i], 1);
        parts[i] = (struct part){.name = names[i], .value = values[i], .is_image = true};
    }
    ASSERT_FORM(inputs, COUNT, NULL, parts);
    free(inputs);
}

/* ---- Repeated reading ---- */

static void the_stream_can_be_read_again_from_the_start(void **state)
{
    char first[16];
    struct body_reader reader;
    struct fixture fixture;
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "file", 4));
    const dm_input inputs[] = {dm_image_file(path), dm_image_bytes("bytes", 5)};
    begin(&fixture);
    encode_inference(&fixture.request, BOUNDARY, &(struct inference_job){inputs, 2, NULL, NULL}, &fixture.failure);
    assert_int_equal(fixture.failure.status, DM_OK);
    assert_true(request_finish(&fixture.request, &fixture.failure));
    assert_true(body_rewind(&reader, &fixture.request.body));
    assert_int_equal(body_read(&reader, first, sizeof first), sizeof first);
    char *whole = read_stream(&fixture.request.body, 4096);
    assert_memory_equal(whole, first, sizeof first);
    free(whole);
    end(&fixture);
    free(path);
}

static void a_file_that_changed_is_not_sent(void **state)
{
    static const struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = 1}};
    struct body_reader reader;
    struct fixture fixture;
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "file", 4));
    const dm_input input = dm_image_file(path);
    begin(&fixture);
    encode_inference(&fixture.request, BOUNDARY, &(struct inference_job){&input, 1, NULL, NULL}, &fixture.failure);
    assert_int_equal(fixture.failure.status, DM_OK);
    assert_true(request_finish(&fixture.request, &fixture.failure));
    assert_true(body_rewind(&reader, &fixture.request.body));
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    assert_false(body_rewind(&reader, &fixture.request.body));
    end(&fixture);
    free(path);
}

/* ---- Locale ---- */

static void a_decimal_comma_changes_no_byte(void **state)
{
    const dm_infer_options options = {.show_discarded = true, .max_predictions = 7};
    const dm_input of_json = with_everything(dm_image_url("http://h/x"));
    const dm_input of_form = with_everything(dm_image_bytes("bytes", 5));
    (void)state;
    assert_json(&of_json, 1, &options, everything_as_json);
    ASSERT_FORM(&of_form, 1, &options, everything_as_form);
}

/* ---- Bad input ---- */

/* The inputs are rejected, and no file stays open after the request is freed. */
static void assert_refused(const dm_input *inputs, size_t count, const dm_infer_options *options, dm_status status,
                           const char *message)
{
    struct fixture fixture;
    begin(&fixture);
    encode_inference(&fixture.request, BOUNDARY, &(struct inference_job){inputs, count, options, NULL},
                     &fixture.failure);
    assert_int_equal(fixture.failure.status, status);
    assert_int_equal(fixture.error.status, status);
    assert_string_equal(fixture.error.message, message);
    end(&fixture);
}

static void no_inputs_are_refused(void **state)
{
    const dm_input input = dm_image_url("http://h/x");
    (void)state;
    assert_refused(&input, 0, NULL, DM_ERR_INVALID_ARGUMENT,
                   "there are no inputs; an inference needs at least one image");
    assert_refused(NULL, 1, NULL, DM_ERR_INVALID_ARGUMENT,
                   "there are no inputs; an inference needs at least one image");
}

static void a_negative_number_of_predictions_is_refused(void **state)
{
    const dm_input input = dm_image_url("http://h/x");
    const dm_infer_options options = {.max_predictions = -1};
    (void)state;
    assert_refused(&input, 1, &options, DM_ERR_INVALID_ARGUMENT,
                   "options.max_predictions is -1; it must not be negative");
}

static dm_input with_box(const dm_bbox *wanted)
{
    dm_input input = dm_image_bytes("x", 1);
    input.bbox = wanted;
    return input;
}

static dm_input with_polygon(const dm_point *points, size_t count)
{
    dm_input input = dm_image_bytes("x", 1);
    input.polygon = points;
    input.polygon_count = count;
    return input;
}

/* Each invalid input is between two valid files. */
static void each_bad_input_is_named_and_the_files_beside_it_are_closed(void **state)
{
    static const dm_bbox outside = {0, 0, 1.5, 1};
    static const dm_bbox upside_down = {0, 1, 1, 0};
    const dm_bbox no_number = {0, NAN, 1, 1};
    const dm_point no_points[] = {{0, 0}, {0, 1}, {NAN, 1}};
    const struct {
        dm_input input;
        const char *message;
    } bad[] = {
        {{.source = DM_SOURCE_NONE}, "inputs[1]: create the input with one of the dm_image_... functions"},
        {dm_image_bytes("", 0), "inputs[1]: the image is empty"},
        {dm_image_base64("?", 1),
         "inputs[1]: the text is not base64: at byte 0, it has a character that is not base64"},
        {dm_image_base64("data:x,QQ==", 11),
         "inputs[1]: the text is a data: URI; pass only the base64 text after its comma"},
        {dm_image_url("dog.jpg"),
         "inputs[1]: \"dog.jpg\" is not an http:// or https:// address; use dm_image_file for a path"},
        {dm_image_url("http://h/\xff"), "inputs[1]: the URL is not valid UTF-8"},
        {with_box(&outside), "inputs[1].bbox: coordinates are from 0 to 1, parts of the image's width and height"},
        {with_box(&upside_down), "inputs[1].bbox: xmin must be below xmax, and ymin (the top) below ymax"},
        {with_box(&no_number), "inputs[1].bbox: coordinates are from 0 to 1, parts of the image's width and height"},
        {with_polygon(triangle, 2), "inputs[1].polygon has 2 points; it needs at least 3"},
        {with_polygon(no_points, 3),
         "inputs[1].polygon[2]: coordinates are from 0 to 1, parts of the image's width and height"},
    };
    char *path = temp_path(*state, "image");
    assert_true(write_file(path, "file", 4));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_input inputs[] = {dm_image_file(path), bad[i].input, dm_image_file(path)};
        assert_refused(inputs, 3, NULL, DM_ERR_INVALID_ARGUMENT, bad[i].message);
    }
    free(path);
}

static void a_file_that_cannot_be_sent_is_named_and_the_others_are_closed(void **state)
{
    char message[600];
    char *path = temp_path(*state, "image");
    char *empty = temp_path(*state, "empty");
    assert_true(write_file(path, "file", 4));
    assert_true(write_file(empty, "", 0));
    const struct {
        const char *path;
        const char *why;
    } bad[] = {
        {"/none/dog.jpg", "No such file or directory"},
        {*state, "it is a directory, not an image file"},
        {empty, "it is empty"},
        {"/dev/null", "it is not a regular file; read it, and use dm_image_bytes"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_input inputs[] = {dm_image_file(path), dm_image_file(path), dm_image_file(bad[i].path)};
        snprintf(message, sizeof message, "inputs[2]: \"%s\": %s", bad[i].path, bad[i].why);
        assert_refused(inputs, 3, NULL, DM_ERR_FILE, message);
    }
    free(empty);
    free(path);
}

static int make_folder(void **state)
{
    *state = temp_folder_new();
    return *state != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    return temp_folder_remove(*state) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_sent_as_json),
        cmocka_unit_test(base64_is_sent_as_a_data_uri_in_json),
        cmocka_unit_test(wrapped_and_unpadded_base64_is_normalised),
        cmocka_unit_test(base64_is_read_to_its_length_and_no_further),
        cmocka_unit_test(everything_is_sent_as_json),
        cmocka_unit_test(each_option_is_sent_alone),
        cmocka_unit_test(bytes_are_sent_unchanged),
        cmocka_unit_test(everything_is_sent_as_multipart),
        cmocka_unit_test(a_file_is_streamed_from_the_disk),
        cmocka_unit_test(one_file_makes_all_inputs_multipart),
        cmocka_unit_test(a_file_may_be_sent_twice_in_one_request_and_beside_bytes),
        cmocka_unit_test(many_inputs_keep_their_order),
        cmocka_unit_test(the_stream_can_be_read_again_from_the_start),
        cmocka_unit_test(a_file_that_changed_is_not_sent),
        cmocka_unit_test_setup_teardown(a_decimal_comma_changes_no_byte, enter_comma_locale, leave_comma_locale),
        cmocka_unit_test(no_inputs_are_refused),
        cmocka_unit_test(a_negative_number_of_predictions_is_refused),
        cmocka_unit_test(each_bad_input_is_named_and_the_files_beside_it_are_closed),
        cmocka_unit_test(a_file_that_cannot_be_sent_is_named_and_the_others_are_closed),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

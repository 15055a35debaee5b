#include "codec/image.h"

#include "open_descriptors.h"
#include "temp_files.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void assert_made(dm_input made, dm_source source, const void *data, size_t size)
{
    assert_int_equal(made.source, source);
    assert_ptr_equal(made.data, data);
    assert_int_equal(made.size, size);
    assert_null(made.bbox);
    assert_null(made.polygon);
    assert_int_equal(made.polygon_count, 0);
    assert_false(made.crop_uniform_background);
}

static void the_dm_image_functions_set_only_the_first_three_fields(void **state)
{
    static const char data[] = "data";
    (void)state;
    assert_made(dm_image_url(data), DM_SOURCE_URL, data, 0);
    assert_made(dm_image_file(data), DM_SOURCE_FILE, data, 0);
    assert_made(dm_image_bytes(data, 4), DM_SOURCE_BYTES, data, 4);
    assert_made(dm_image_base64(data, 4), DM_SOURCE_BASE64, data, 4);
}

static bool check_and_open(struct image *image, const dm_input *input, size_t index, struct failure *failure)
{
    return image_check(image, input, index, failure) && image_open(image, index, failure);
}

static void assert_good(dm_input input)
{
    struct image opened;
    dm_error error;
    struct failure failure;
    failure_init(&failure, &error);
    assert_int_equal(check_and_open(&opened, &input, 0, &failure), DM_OK == DM_OK);
    assert_int_equal(failure.status, DM_OK);
    assert_ptr_equal(opened.input, &input);
    if (input.source == DM_SOURCE_FILE)
        close(opened.file.descriptor);
}

/* The image is rejected as the 12th input, and nothing stays open. */
static void assert_bad(dm_input input, const char *message)
{
    struct image opened;
    dm_error error;
    const size_t before = open_descriptors();
    struct failure failure;
    failure_init(&failure, &error);
    assert_int_equal(check_and_open(&opened, &input, 12, &failure), DM_ERR_INVALID_ARGUMENT == DM_OK);
    assert_int_equal(failure.status, DM_ERR_INVALID_ARGUMENT);
    assert_string_equal(error.message, message);
    assert_int_equal(open_descriptors(), before);
}

static void an_address_is_http_or_https(void **state)
{
    (void)state;
    assert_good(dm_image_url("http://h/x.jpg"));
    assert_good(dm_image_url("HTTPS://h/x.jpg?a=b&c#d"));
    assert_good(dm_image_url("https://h/caf\xc3\xa9.jpg"));
    assert_bad(dm_image_url("ftp://h/x.jpg"),
               "inputs[12]: \"ftp://h/x.jpg\" is not an http:// or https:// address; use dm_image_file for a path");
    assert_bad(dm_image_url("dog.jpg"),
               "inputs[12]: \"dog.jpg\" is not an http:// or https:// address; use dm_image_file for a path");
    assert_bad(
        dm_image_url("file:///etc/passwd"),
        "inputs[12]: \"file:///etc/passwd\" is not an http:// or https:// address; use dm_image_file for a path");
    assert_bad(
        dm_image_url("data:image/png;base64,QQ=="),
        "inputs[12]: \"data:image/png;base64,QQ==\" is not an http:// or https:// address; use dm_image_file for a "
        "path");
    assert_bad(dm_image_url("https://"),
               "inputs[12]: \"https://\" is not an http:// or https:// address; use dm_image_file for a path");
    assert_bad(dm_image_url("http:/h"),
               "inputs[12]: \"http:/h\" is not an http:// or https:// address; use dm_image_file for a path");
}

static void an_address_is_text_of_one_line(void **state)
{
    (void)state;
    assert_bad(dm_image_url(NULL), "inputs[12]: the URL must not be NULL");
    assert_bad(dm_image_url(""), "inputs[12]: the URL is empty");
    assert_bad(dm_image_url("http://h/\xff"), "inputs[12]: the URL is not valid UTF-8");
    assert_bad(dm_image_url("http://h/x\r\n--boundary"),
               "inputs[12]: the URL contains a control character, such as the line end of a file");
}

static void a_path_must_not_be_null_or_empty(void **state)
{
    (void)state;
    assert_bad(dm_image_file(NULL), "inputs[12]: the path is NULL");
    assert_bad(dm_image_file(""), "inputs[12]: the path is empty");
}

static void a_file_is_opened_last(void **state)
{
    static const dm_bbox upside_down = {.xmin = 0, .ymin = 1, .xmax = 1, .ymax = 0};
    char *folder = temp_folder_new();
    char *path = temp_path(folder, "image");
    struct image opened;
    (void)state;
    assert_true(write_file(path, "bytes", 5));
    dm_input input = dm_image_file(path);
    struct failure failure;
    failure_init(&failure, NULL);
    assert_int_equal(check_and_open(&opened, &input, 0, &failure), DM_OK == DM_OK);
    assert_int_equal(failure.status, DM_OK);
    assert_int_equal(opened.file.size, 5);
    close(opened.file.descriptor);
    input.bbox = &upside_down;
    assert_bad(input, "inputs[12].bbox: xmin must be below xmax, and ymin (the top) below ymax");
    free(path);
    assert_true(temp_folder_remove(folder));
}

static void a_missing_file_is_a_file_error(void **state)
{
    struct image opened;
    dm_error error;
    const dm_input input = dm_image_file("/none/dog.jpg");
    (void)state;
    struct failure failure;
    failure_init(&failure, &error);
    assert_int_equal(check_and_open(&opened, &input, 3, &failure), DM_ERR_FILE == DM_OK);
    assert_int_equal(failure.status, DM_ERR_FILE);
    assert_string_equal(error.message, "inputs[3]: \"/none/dog.jpg\": No such file or directory");
}

static void bytes_must_not_be_null_or_empty(void **state)
{
    (void)state;
    assert_good(dm_image_bytes("\0", 1));
    assert_bad(dm_image_bytes(NULL, 1), "inputs[12]: the image is NULL");
    assert_bad(dm_image_bytes("x", 0), "inputs[12]: the image is empty");
}

static void base64_is_measured(void **state)
{
    static const char text[] = "QUJD\nQUJDR\nA\n";
    const dm_input input = dm_image_base64(text, sizeof text - 1);
    struct image opened;
    (void)state;
    struct failure failure;
    failure_init(&failure, NULL);
    assert_int_equal(check_and_open(&opened, &input, 0, &failure), DM_OK == DM_OK);
    assert_int_equal(failure.status, DM_OK);
    assert_int_equal(opened.base64_characters, 10);
    assert_int_equal(opened.base64_padding, 2);
}

static void text_that_is_not_base64_is_refused(void **state)
{
    (void)state;
    assert_bad(dm_image_base64(NULL, 4), "inputs[12]: the image is NULL");
    assert_bad(dm_image_base64("", 0), "inputs[12]: the image is empty");
    assert_bad(dm_image_base64("\n\n", 2),
               "inputs[12]: the text is not base64: at byte 2, it contains only white space");
    assert_bad(dm_image_base64("QUJD*", 5),
               "inputs[12]: the text is not base64: at byte 4, it has a character that is not base64");
    assert_bad(dm_image_base64("QUJDQ", 5),
               "inputs[12]: the text is not base64: at byte 5, its last group of characters is incomplete");
}

static void a_data_uri_is_refused_and_named_as_such(void **state)
{
    static const char *const uris[] = {"data:image/png;base64,QUJD", "DATA:,", "data:"};
    (void)state;
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++)
        assert_bad(dm_image_base64(uris[i], strlen(uris[i])),
                   "inputs[12]: the text is a data: URI; pass only the base64 text after its comma");
}

static void an_input_must_be_made_by_a_dm_image_function(void **state)
{
    (void)state;
    assert_bad((dm_input){0}, "inputs[12]: create the input with one of the dm_image_... functions");
    assert_bad((dm_input){.source = (dm_source)99, .data = "x"},
               "inputs[12]: create the input with one of the dm_image_... functions");
}

static void a_box_within_the_image_is_accepted(void **state)
{
    static const dm_bbox boxes[] = {{0, 0, 1, 1}, {0.1, 0.2, 0.3, 0.4}, {0, 0, 5e-324, 5e-324}, {-0.0, -0.0, 1, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        dm_input input = dm_image_url("http://h/x");
        input.bbox = &boxes[i];
        assert_good(input);
    }
}

static void a_box_outside_the_image_is_rejected(void **state)
{
    const dm_bbox boxes[] = {{-0.01, 0, 1, 1},     {0, -1, 1, 1},      {0, 0, 1.01, 1}, {0, 0, 1, 640},
                             {NAN, 0, 1, 1},       {0, NAN, 1, 1},     {0, 0, NAN, 1},  {0, 0, 1, NAN},
                             {-INFINITY, 0, 1, 1}, {0, 0, INFINITY, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        dm_input input = dm_image_url("http://h/x");
        input.bbox = &boxes[i];
        assert_bad(input, "inputs[12].bbox: coordinates are from 0 to 1, parts of the image's width and height");
    }
}

static void an_empty_box_is_rejected(void **state)
{
    static const dm_bbox boxes[] = {
        {0.5, 0, 0.5, 1}, {0, 0.5, 1, 0.5}, {0.9, 0, 0.1, 1}, {0, 0.9, 1, 0.1}, {0, 0, 0, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof boxes / sizeof boxes[0]; i++) {
        dm_input input = dm_image_url("http://h/x");
        input.bbox = &boxes[i];
        assert_bad(input, "inputs[12].bbox: xmin must be below xmax, and ymin (the top) below ymax");
    }
}

static dm_input with_polygon(const dm_point *points, size_t count)
{
    dm_input input = dm_image_url("http://h/x");
    input.polygon = points;
    input.polygon_count = count;
    return input;
}

static void a_polygon_has_three_points_at_least(void **state)
{
    static const dm_point points[] = {{0, 0}, {1, 0}, {0.5, 1}};
    (void)state;
    assert_good(with_polygon(points, 3));
    assert_good(with_polygon(points, 0));
    assert_good(with_polygon(NULL, 0));
    assert_bad(with_polygon(points, 2), "inputs[12].polygon has 2 points; it needs at least 3");
    assert_bad(with_polygon(points, 1), "inputs[12].polygon has 1 points; it needs at least 3");
    assert_bad(with_polygon(NULL, 3), "inputs[12].polygon must not be NULL");
}

static void each_of_a_polygon_s_points_is_within_the_image(void **state)
{
    const dm_point bad[] = {{-0.1, 0}, {0, 1.1}, {NAN, 0}, {0, NAN}, {INFINITY, 0}};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_point points[] = {{0, 0}, {1, 0}, {1, 1}, bad[i]};
        assert_bad(with_polygon(points, 4),
                   "inputs[12].polygon[3]: coordinates are from 0 to 1, parts of the image's width and height");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_dm_image_functions_set_only_the_first_three_fields),
        cmocka_unit_test(an_address_is_http_or_https),
        cmocka_unit_test(an_address_is_text_of_one_line),
        cmocka_unit_test(a_path_must_not_be_null_or_empty),
        cmocka_unit_test(a_file_is_opened_last),
        cmocka_unit_test(a_missing_file_is_a_file_error),
        cmocka_unit_test(bytes_must_not_be_null_or_empty),
        cmocka_unit_test(base64_is_measured),
        cmocka_unit_test(text_that_is_not_base64_is_refused),
        cmocka_unit_test(a_data_uri_is_refused_and_named_as_such),
        cmocka_unit_test(an_input_must_be_made_by_a_dm_image_function),
        cmocka_unit_test(a_box_within_the_image_is_accepted),
        cmocka_unit_test(a_box_outside_the_image_is_rejected),
        cmocka_unit_test(an_empty_box_is_rejected),
        cmocka_unit_test(a_polygon_has_three_points_at_least),
        cmocka_unit_test(each_of_a_polygon_s_points_is_within_the_image),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

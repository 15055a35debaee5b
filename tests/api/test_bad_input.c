/* Invalid images and ids: the call fails before anything is sent, and its message names the invalid argument. */
#include "array.h"
#include "bad_input_test.h"
#include "refusal.h"
#include "temp_files.h"
#include "test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- Images ---- */

/* Alone, and after valid inputs, where the message contains its index. */
static void check_bad_input(const struct bad_input *bad)
{
    const dm_input behind[] = {dm_image_url("http://127.0.0.1/a.jpg"), dm_image_file(good_path), bad->input};
    struct bad_input third = *bad;

    check_submit(bad, &bad->input, 1);
    check_infer(bad, &bad->input, 1);
    third.words[0] = "inputs[2]";
    check_submit(&third, behind, 3);
}

static void check_bad_inputs(const struct bad_input *bad, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_bad_input(&bad[i]);
}

static void an_address_that_is_not_http_is_refused(void **state)
{
    static const char *const urls[] = {"ftp://host/a.jpg", "file:///etc/passwd", "dog.jpg",     "http://",
                                       "https://",         "http:/a.jpg",        "httpx://a",   "//host/a.jpg",
                                       " http://host/a",   "data:image/png;...", "/tmp/a.jpg?", "gopher://h"};

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        const struct bad_input bad = {urls[i], dm_image_url(urls[i]), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", urls[i]}};

        check_bad_input(&bad);
    }
}

static void an_address_that_is_not_valid_text_is_refused(void **state)
{
    const struct bad_input bad[] = {
        {"empty", dm_image_url(""), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "empty"}},
        {"NULL", dm_image_url(NULL), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "NULL"}},
        {"line end", dm_image_url("http://h/\r\nX-A: b"), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "control character"}},
        {"DEL", dm_image_url("http://h/\x7f"), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "control character"}},
        {"Latin-1", dm_image_url("http://h/caf\xe9"), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "UTF-8"}},
    };

    (void)state;
    check_bad_inputs(bad, COUNT(bad));
}

static void a_file_that_cannot_be_an_image_is_refused(void **state)
{
    char *missing = temp_path(folder, "missing.jpg");
    char *below_file = temp_path(folder, "good.jpg/below.jpg");
    char *empty = temp_path(folder, "empty.jpg");
    const struct bad_input bad[] = {
        {"missing", dm_image_file(missing), DM_ERR_FILE, {"inputs[0]", "missing.jpg\": No such file"}},
        {"below a file", dm_image_file(below_file), DM_ERR_FILE, {"inputs[0]", "below.jpg\": Not a directory"}},
        {"empty", dm_image_file(empty), DM_ERR_FILE, {"inputs[0]", "empty.jpg\": it is empty"}},
        {"directory", dm_image_file(folder), DM_ERR_FILE, {"inputs[0]", "directory"}},
        {"device", dm_image_file("/dev/zero"), DM_ERR_FILE, {"inputs[0]", "/dev/zero\": it is not a regular file"}},
        {"no path", dm_image_file(""), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "empty"}},
        {"NULL", dm_image_file(NULL), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "NULL"}},
    };

    (void)state;
    assert_true(write_file(empty, "", 0));
    check_bad_inputs(bad, COUNT(bad));
    free(missing);
    free(below_file);
    free(empty);
}

/* A path may be any bytes; the message is printable text nevertheless. */
static void a_missing_file_is_named_whatever_bytes_are_in_its_path(void **state)
{
    char *path = temp_path(folder, not_utf8);
    const struct bad_input bad = {"Latin-1", dm_image_file(path), DM_ERR_FILE, {"inputs[0]", "caf?\": No such file"}};

    (void)state;
    check_bad_input(&bad);
    free(path);
}

/* Opening a FIFO for reading blocks until a writer opens it. The alarm ends a test that does so. */
static void a_fifo_is_refused_without_waiting_for_its_other_end(void **state)
{
    char *path = temp_path(folder, "fifo");
    const struct bad_input bad = {"FIFO", dm_image_file(path), DM_ERR_FILE, {"inputs[0]", "not a regular file"}};

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(60);
    check_bad_input(&bad);
    alarm(0);
    free(path);
}

enum { NOBODY = 65534 };

/* Root may read every file, so a test that runs as root changes its user id meanwhile. */
static void an_unreadable_file_is_refused(void **state)
{
    char *path = temp_path(folder, "unreadable.jpg");
    const struct bad_input bad = {
        "unreadable", dm_image_file(path), DM_ERR_FILE, {"inputs[0]", "unreadable.jpg\": Permission denied"}};
    const bool is_root = geteuid() == 0;

    (void)state;
    assert_true(write_file(path, "an image", 8));
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(is_root ? seteuid(NOBODY) : 0, 0);
    check_bad_input(&bad);
    assert_int_equal(is_root ? seteuid(0) : 0, 0);
    free(path);
}

static void missing_or_empty_bytes_are_refused(void **state)
{
    const struct bad_input bad[] = {
        {"NULL", dm_image_bytes(NULL, 5), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "NULL"}},
        {"empty", dm_image_bytes("abc", 0), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "empty"}},
        {"NULL base64", dm_image_base64(NULL, 5), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "NULL"}},
        {"empty base64", dm_image_base64("AAAA", 0), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "empty"}},
    };

    (void)state;
    check_bad_inputs(bad, COUNT(bad));
}

static void text_that_is_not_base64_is_refused(void **state)
{
    static const struct {
        const char *text;
        size_t length;
        const char *word;
    } table[] = {
        {"AAAA!AAA", 8, "byte 4"},
        {"AA\0A", 4, "byte 2"},
        {"caf\xe9", 4, "byte 3"},
        {"AAA=AAAA", 8, "padding"},
        {"AA=A", 4, "padding"},
        {"AAAA=", 5, "padding"},
        {"AAA==", 5, "padding"},
        {"AA===", 5, "padding"},
        {"AAAAA", 5, "last group of characters is incomplete"},
        {"AA-_", 4, "URL-safe"},
        {" \r\n\t ", 5, "white space"},
        {"====", 4, "padding"},
        {"<html></html>", 13, "byte 0"},
        {"AAAA\v", 5, "byte 4"},
        {"AAAA,AAAA", 9, "byte 4"},
        {"http://host/a.jpg", 17, "byte"},
        {"\xff\xd8\xff", 3, "byte 0"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const struct bad_input bad = {table[i].text,
                                      dm_image_base64(table[i].text, table[i].length),
                                      DM_ERR_INVALID_ARGUMENT,
                                      {"inputs[0]: the text is not base64", table[i].word}};

        check_bad_input(&bad);
    }
}

static void a_data_uri_is_refused_and_named_as_such(void **state)
{
    static const char *const texts[] = {"data:image/jpeg;base64,AAAA", "DATA:image/*;base64,AAAA", "data:,"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct bad_input bad = {
            texts[i], dm_image_base64(texts[i], strlen(texts[i])), DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "data: URI"}};

        check_bad_input(&bad);
    }
}

static void an_input_without_a_source_is_refused(void **state)
{
    const struct bad_input bad[] = {
        {"zeroed", {.source = DM_SOURCE_NONE}, DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "dm_image_"}},
        {"unknown", {.source = (dm_source)77, .data = "x"}, DM_ERR_INVALID_ARGUMENT, {"inputs[0]", "dm_image_"}},
    };

    (void)state;
    check_bad_inputs(bad, COUNT(bad));
}

/* ---- Which bytes of an image are checked ---- */

static void check_part_of_image(const char *what, const dm_bbox *bbox, const dm_point *polygon, size_t polygon_count,
                                const char *const words[2])
{
    const dm_input inputs[] = {dm_image_url("http://127.0.0.1/a.jpg"), dm_image_file(good_path),
                               dm_image_base64("AAAA", 4)};

    for (size_t i = 0; i < COUNT(inputs); i++) {
        struct bad_input bad = {what, inputs[i], DM_ERR_INVALID_ARGUMENT, {words[0], words[1]}};

        bad.input.bbox = bbox;
        bad.input.polygon = polygon;
        bad.input.polygon_count = polygon_count;
        check_bad_input(&bad);
    }
}

static void a_box_outside_the_image_or_upside_down_is_refused(void **state)
{
    const struct {
        dm_bbox bbox;
        const char *word;
    } table[] = {
        {{-0.01, 0, 1, 1}, "from 0 to 1"},    {{0, -0.01, 1, 1}, "from 0 to 1"},
        {{0, 0, 1.01, 1}, "from 0 to 1"},     {{0, 0, 1, 1.01}, "from 0 to 1"},
        {{NAN, 0, 1, 1}, "from 0 to 1"},      {{0, NAN, 1, 1}, "from 0 to 1"},
        {{0, 0, NAN, 1}, "from 0 to 1"},      {{0, 0, 1, NAN}, "from 0 to 1"},
        {{0, 0, INFINITY, 1}, "from 0 to 1"}, {{-INFINITY, 0, 1, 1}, "from 0 to 1"},
        {{10, 20, 300, 400}, "from 0 to 1"},  {{0.6, 0, 0.5, 1}, "xmin must be below xmax"},
        {{0, 0.6, 1, 0.5}, "ymin (the top)"}, {{0.5, 0, 0.5, 1}, "xmin must be below xmax"},
        {{0, 0.5, 1, 0.5}, "below ymax"},     {{0, 0, 0, 0}, "xmin must be below xmax"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *const words[2] = {"inputs[0].bbox", table[i].word};

        check_part_of_image(words[1], &table[i].bbox, NULL, 0, words);
    }
}

static void a_polygon_needs_three_points_within_the_image(void **state)
{
    const dm_point good[] = {{0, 0}, {1, 0}, {1, 1}};
    const dm_point outside[] = {{0, 0}, {1, 0}, {1, 1.5}};
    const dm_point negative[] = {{0, 0}, {-0.5, 0}, {1, 1}};
    const dm_point not_a_number[] = {{NAN, 0}, {1, 0}, {1, 1}};
    const struct {
        const dm_point *points;
        size_t count;
        const char *words[2];
    } table[] = {
        {good, 1, {"inputs[0].polygon", "at least 3"}},
        {good, 2, {"inputs[0].polygon has 2 points", "at least 3"}},
        {NULL, 3, {"inputs[0].polygon", "NULL"}},
        {outside, 3, {"inputs[0].polygon[2]", "from 0 to 1"}},
        {negative, 3, {"inputs[0].polygon[1]", "from 0 to 1"}},
        {not_a_number, 3, {"inputs[0].polygon[0]", "from 0 to 1"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++)
        check_part_of_image("polygon", NULL, table[i].points, table[i].count, table[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REFUSAL_TEST(an_address_that_is_not_http_is_refused),
        REFUSAL_TEST(an_address_that_is_not_valid_text_is_refused),
        REFUSAL_TEST(a_file_that_cannot_be_an_image_is_refused),
        REFUSAL_TEST(a_missing_file_is_named_whatever_bytes_are_in_its_path),
        REFUSAL_TEST(a_fifo_is_refused_without_waiting_for_its_other_end),
        REFUSAL_TEST(an_unreadable_file_is_refused),
        REFUSAL_TEST(missing_or_empty_bytes_are_refused),
        REFUSAL_TEST(text_that_is_not_base64_is_refused),
        REFUSAL_TEST(a_data_uri_is_refused_and_named_as_such),
        REFUSAL_TEST(an_input_without_a_source_is_refused),
        REFUSAL_TEST(a_box_outside_the_image_or_upside_down_is_refused),
        REFUSAL_TEST(a_polygon_needs_three_points_within_the_image),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

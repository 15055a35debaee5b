/* Invalid images and ids: the call fails before anything is sent, and its message names the invalid argument. */
#include "array.h"
#include "assert_status.h"
#include "refusal.h"
#include "temp_files.h"
#include "test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;
static char *good_path;

static int start(void **state)
{
    (void)state;
    api_test_start(&api, NULL);
    folder = temp_folder_new();
    good_path = temp_path(folder, "good.jpg");
    return write_file(good_path, "an image", 8) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    free(good_path);
    api_test_stop(&api);
    return temp_folder_remove(folder) ? 0 : -1;
}

/* ---- Images ---- */

struct bad_input {
    const char *what;
    dm_input input;
    dm_status status;
    const char *words[2];
};

static void check_submit(const struct bad_input *bad, const dm_input *inputs, size_t count)
{
    dm_task_id id = {"not empty"};
    dm_error error;
    const dm_status status =
        dm_spec_submit(api.client, dm_public_spec("sandbox-colors"), inputs, count, NULL, NULL, &id, &error);

    refusal_check(bad->what, status, bad->status, &error, bad->words[0], bad->words[1]);
    assert_string_equal(id.text, "");
}

static void check_infer(const struct bad_input *bad, const dm_input *inputs, size_t count)
{
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_error error;
    const dm_status status =
        dm_spec_infer(api.client, dm_private_spec(1), inputs, count, NULL, NULL, &inference, &error);

    refusal_check(bad->what, status, bad->status, &error, bad->words[0], bad->words[1]);
    assert_null(inference);
    assert_status(dm_spec_infer(api.client, dm_private_spec(1), inputs, count, NULL, NULL, &inference, NULL),
                  bad->status, NULL);
}

/* Alone, and after valid inputs: then the message gives its index. */
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

static void an_address_that_is_no_text_is_refused(void **state)
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

static void a_file_that_is_no_image_file_is_refused(void **state)
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
static void a_missing_file_is_named_whatever_bytes_its_path_has(void **state)
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

/* Root may read every file, so root changes its user id for this test. */
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

static void bytes_must_be_there(void **state)
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

static void a_data_uri_is_said_to_be_one(void **state)
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

/* ---- What is looked at in an image ---- */

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

/* ---- Around the inputs ---- */

static void an_inference_needs_an_input(void **state)
{
    const dm_input input = dm_image_url("http://127.0.0.1/a.jpg");
    const struct bad_input none = {"no inputs", {.source = DM_SOURCE_NONE}, DM_ERR_INVALID_ARGUMENT, {"inputs", NULL}};

    (void)state;
    check_submit(&none, NULL, 0);
    check_submit(&none, &input, 0);
    check_submit(&none, NULL, 1);
    check_infer(&none, NULL, 0);
    check_infer(&none, &input, 0);
}

static void a_negative_number_of_predictions_is_refused(void **state)
{
    static const char *const words[2] = {"max_predictions is -1", NULL};
    const dm_infer_options options = {.max_predictions = -1};
    const dm_input inputs[] = {dm_image_url("http://127.0.0.1/a.jpg"), dm_image_file(good_path)};

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        dm_task_id id;
        dm_error error;
        const dm_status status =
            dm_spec_submit(api.client, dm_public_spec("a"), &inputs[i], 1, &options, NULL, &id, &error);

        refusal_check("max_predictions", status, DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    }
}

static void a_page_can_neither_begin_nor_end_below_zero(void **state)
{
    static const dm_page_options table[] = {{.offset = -1}, {.limit = -1}, {.offset = INT64_MIN, .limit = INT64_MIN}};
    static const char *const words[2] = {"options.offset", "must not be negative"};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        dm_spec_page *specs;
        dm_version_page *versions;
        dm_spec_iter *spec_iter;
        dm_version_iter *version_iter;
        dm_error error;

        refusal_check("dm_spec_list", dm_spec_list(api.client, DM_VISIBILITY_PUBLIC, &table[i], NULL, &specs, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_version_list", dm_version_list(api.client, &table[i], NULL, &versions, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_spec_versions",
                      dm_spec_versions(api.client, dm_private_spec(1), &table[i], NULL, &versions, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_spec_iter_new",
                      dm_spec_iter_new(api.client, DM_VISIBILITY_PRIVATE, &table[i], &spec_iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        refusal_check("dm_version_iter_new", dm_version_iter_new(api.client, NULL, &table[i], &version_iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
        assert_null(specs);
        assert_null(versions);
        assert_null(spec_iter);
        assert_null(version_iter);
    }
}

static void specifications_are_either_private_or_public(void **state)
{
    static const dm_visibility table[] = {(dm_visibility)2, (dm_visibility)-1};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        dm_spec_page *page = (dm_spec_page *)(void *)&api;
        dm_spec_iter *iter = (dm_spec_iter *)(void *)&api;
        dm_error error;

        refusal_check("dm_spec_list", dm_spec_list(api.client, table[i], NULL, NULL, &page, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "visibility", "DM_VISIBILITY_PUBLIC");
        refusal_check("dm_spec_iter_new", dm_spec_iter_new(api.client, table[i], NULL, &iter, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "visibility", "DM_VISIBILITY_PUBLIC");
        assert_null(page);
        assert_null(iter);
    }
}

/* ---- Ids ---- */

static void check_spec_id(const char *what, dm_spec_id id, const char *const words[2])
{
    const dm_input input = dm_image_url("http://127.0.0.1/a.jpg");
    dm_spec *spec = (dm_spec *)(void *)&api;
    dm_inference *inference = (dm_inference *)(void *)&api;
    dm_task_id task_id = {"not empty"};
    dm_error error;

    refusal_check(what, dm_spec_retrieve(api.client, id, NULL, &spec, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  words[0], words[1]);
    refusal_check(what, dm_spec_submit(api.client, id, &input, 1, NULL, NULL, &task_id, &error),
                  DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    refusal_check(what, dm_spec_infer(api.client, id, &input, 1, NULL, NULL, &inference, &error),
                  DM_ERR_INVALID_ARGUMENT, &error, words[0], words[1]);
    assert_null(spec);
    assert_null(inference);
    assert_string_equal(task_id.text, "");
}

static void a_public_id_cannot_leave_its_place_in_the_path(void **state)
{
    static const struct {
        const char *id;
        const char *word;
    } table[] = {
        {"a/../../accounts/me", "a/../../accounts/me"},
        {"/", "\"/\""},
        {"a/b", "a/b"},
        {"..", "\"..\""},
        {".", "\".\""},
        {"a\\b", "\\"},
        {"a?b=c", "a?b=c"},
        {"a#b", "a#b"},
        {"a%2fb", "a%2fb"},
        {"%2e%2e", "%2e%2e"},
        {"", "empty"},
        {NULL, "empty"},
        {"a\nb", "control character"},
        {"a\r\nX-Evil: 1", "control character"},
        {"caf\xe9", "UTF-8"},
        {"a\xed\xa0\x80", "UTF-8"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        const char *const words[2] = {"public specification's id", table[i].word};

        check_spec_id(words[1], dm_public_spec(table[i].id), words);
    }
}

static void a_private_id_is_positive(void **state)
{
    static const int64_t ids[] = {0, -1, INT64_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        char number[24];
        const char *const words[2] = {"private specification's id", number};
        dm_version *version;
        dm_error error;

        snprintf(number, sizeof number, "%lld", (long long)ids[i]);
        check_spec_id(number, dm_private_spec(ids[i]), words);
        refusal_check("dm_version_retrieve", dm_version_retrieve(api.client, ids[i], NULL, &version, &error),
                      DM_ERR_INVALID_ARGUMENT, &error, "version's id", number);
        assert_null(version);
    }
}

static bool ends_within(const char *text, size_t size)
{
    return memchr(text, '\0', size) != NULL;
}

static void check_task_id(dm_task_id id)
{
    static const char *const words[2] = {"task id", NULL};
    dm_task *task = (dm_task *)(void *)&api;
    dm_tasks *tasks = (dm_tasks *)(void *)&api;
    dm_error error;

    refusal_check("retrieve", dm_task_retrieve(api.client, id, NULL, &task, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  words[0], words[1]);
    assert_true(ends_within(error.task_id.text, sizeof error.task_id.text));
    refusal_check("wait", dm_task_wait(api.client, id, NULL, &task, &error), DM_ERR_INVALID_ARGUMENT, &error, words[0],
                  words[1]);
    assert_true(ends_within(error.task_id.text, sizeof error.task_id.text));
    assert_null(task);
    refusal_check("list", dm_task_list(api.client, &id, 1, NULL, &tasks, &error), DM_ERR_INVALID_ARGUMENT, &error,
                  "ids[0]", NULL);
    refusal_check("wait for all", dm_task_wait_all(api.client, &id, 1, NULL, &tasks, &error), DM_ERR_INVALID_ARGUMENT,
                  &error, "ids[0]", NULL);
    assert_null(tasks);
}

static void a_task_id_is_a_short_word(void **state)
{
    static const char *const texts[] = {"", "1/2", "..", "1 2", "1\n", "caf\xe9", "1?", "%31", "1.5"};
    dm_task_id id = {""};
    dm_error error;

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        snprintf(id.text, sizeof id.text, "%s", texts[i]);
        check_task_id(id);
        refusal_check(texts[i], dm_task_id_parse(texts[i], &id, &error), DM_ERR_INVALID_ARGUMENT, &error, "task id",
                      NULL);
        assert_string_equal(id.text, "");
    }
}

/* Printing such an id from an error would read past its end. */
static void a_task_id_without_an_end_is_refused(void **state)
{
    dm_task_id id;

    (void)state;
    memset(id.text, '7', sizeof id.text);
    check_task_id(id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REFUSAL_TEST(an_address_that_is_not_http_is_refused),
        REFUSAL_TEST(an_address_that_is_no_text_is_refused),
        REFUSAL_TEST(a_file_that_is_no_image_file_is_refused),
        REFUSAL_TEST(a_missing_file_is_named_whatever_bytes_its_path_has),
        REFUSAL_TEST(a_fifo_is_refused_without_waiting_for_its_other_end),
        REFUSAL_TEST(an_unreadable_file_is_refused),
        REFUSAL_TEST(bytes_must_be_there),
        REFUSAL_TEST(text_that_is_not_base64_is_refused),
        REFUSAL_TEST(a_data_uri_is_said_to_be_one),
        REFUSAL_TEST(an_input_without_a_source_is_refused),
        REFUSAL_TEST(a_box_outside_the_image_or_upside_down_is_refused),
        REFUSAL_TEST(a_polygon_needs_three_points_within_the_image),
        REFUSAL_TEST(an_inference_needs_an_input),
        REFUSAL_TEST(a_negative_number_of_predictions_is_refused),
        REFUSAL_TEST(a_page_can_neither_begin_nor_end_below_zero),
        REFUSAL_TEST(specifications_are_either_private_or_public),
        REFUSAL_TEST(a_public_id_cannot_leave_its_place_in_the_path),
        REFUSAL_TEST(a_private_id_is_positive),
        REFUSAL_TEST(a_task_id_is_a_short_word),
        REFUSAL_TEST(a_task_id_without_an_end_is_refused),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

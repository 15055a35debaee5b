/* The requests of an inference, from the sandbox's log: method, path, query, headers, JSON and parts. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "base64_text.h"
#include "sha256.h"
#include "temp_files.h"
#include "test.h"
#include "wire_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLORS_PATH "/v0.7/recognition/public/sandbox-colors/inference"
#define PAIR_PATH   "/v0.7/recognition/public/sandbox-pair/inference"

/* ---- One submission, and its request ---- */

static const dm_bbox a_box = {.xmin = 0.1, .ymin = 0.25, .xmax = 1.0 / 3, .ymax = 1};
static const dm_point a_triangle[] = {{0.5, 0.125}, {0.875, 0.75}, {1e-7, 1}};

/* Two inputs are sent to a specification that needs two. */
static struct request_log *submit(const dm_input *inputs, size_t count, const dm_infer_options *options)
{
    return submit_with(api.client, dm_public_spec(count == 2 ? "sandbox-pair" : "sandbox-colors"), inputs, count,
                       options);
}

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

/* The headers of every request; there must be no others except those of its body. */
static void check_headers(const cJSON *request, bool has_body)
{
    static const char *const always[] = {"host", "user-agent", "accept", "accept-encoding", "x-api-key"};
    static const char *const of_body[] = {"content-type", "content-length"};
    const size_t always_count = COUNT(always);
    const size_t body_count = has_body ? COUNT(of_body) : 0;
    const cJSON *header = NULL;
    size_t count = 0;

    cJSON_ArrayForEach(header, cJSON_GetObjectItemCaseSensitive(request, "headers"))
    {
        if (!is_one_of(header->string, always, always_count) && !is_one_of(header->string, of_body, body_count))
            fail_msg("unexpected header %s", header->string);
        count++;
    }
    assert_int_equal(count, always_count + body_count);
    assert_string_equal(log_header(request, "x-api-key"), SANDBOX_KEY);
    assert_string_equal(log_header(request, "user-agent"), "libdeepomatic/" DM_VERSION);
    assert_string_equal(log_header(request, "accept"), "application/json");
    assert_string_equal(log_header(request, "host"), sandbox_url(api.sandbox) + strlen("http://"));
}

static void check_request(const cJSON *request, const char *path)
{
    assert_string_equal(log_text(request, "method"), "POST");
    assert_string_equal(log_text(request, "path"), path);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(request, "query")), 0);
    assert_int_equal(log_number(request, "content_length"), log_number(request, "body_length"));
    assert_int_equal(log_number(request, "status"), 200);
    check_headers(request, true);
}

/* ---- JSON ---- */

static void check_json(const struct request_log *log, const char *path, const char *expected)
{
    const cJSON *request = log_only(log, "POST", path);
    cJSON *sent = log_json(request);
    cJSON *wanted = cJSON_Parse(expected);

    assert_non_null(wanted);
    check_request(request, path);
    assert_string_equal(log_header(request, "content-type"), "application/json");
    if (!cJSON_Compare(sent, wanted, true))
        fail_msg("expected: %s\ngot: %s", expected, log_text(request, "body"));
    cJSON_Delete(sent);
    cJSON_Delete(wanted);
}

static void a_url_alone_is_sent_as_json(void **state)
{
    const dm_input input = dm_image_url(photo_url);
    struct request_log *log = submit(&input, 1, NULL);
    char expected[256];

    (void)state;
    snprintf(expected, sizeof expected, "{\"inputs\":[{\"image\":{\"source\":\"%s\"}}]}", photo_url);
    check_json(log, COLORS_PATH, expected);
    request_log_free(log);
}

/* Options that are not set are not sent; the others are sent under the API's names. */
static void all_fields_of_a_url_input_are_sent_as_json(void **state)
{
    const dm_infer_options options = {.show_discarded = true, .max_predictions = INT64_C(9007199254740991)};
    dm_input inputs[] = {dm_image_url(photo_url), dm_image_url(photo_url)};
    char expected[1024];

    (void)state;
    inputs[0].bbox = &a_box;
    inputs[0].crop_uniform_background = true;
    inputs[1].polygon = a_triangle;
    inputs[1].polygon_count = 3;
    struct request_log *log = submit(inputs, 2, &options);
    snprintf(expected, sizeof expected,
             "{\"inputs\":["
             "{\"image\":{\"source\":\"%s\",\"bbox\":{\"xmin\":0.1,\"ymin\":0.25,\"xmax\":0.3333333333333333,"
             "\"ymax\":1},\"crop_uniform_background\":true}},"
             "{\"image\":{\"source\":\"%s\",\"polygon\":[{\"x\":0.5,\"y\":0.125},{\"x\":0.875,\"y\":0.75},"
             "{\"x\":1e-07,\"y\":1}]}}],"
             "\"show_discarded\":true,\"max_predictions\":9007199254740991}",
             photo_url, photo_url);
    check_json(log, PAIR_PATH, expected);
    assert_non_null(strstr(log_text(log->items[0], "body"), ":9007199254740991"));
    request_log_free(log);
}

static void a_url_is_escaped_in_json(void **state)
{
    char url[256];
    snprintf(url, sizeof url, "%s?q=\"\\\xc3\xa9\xf0\x9f\x98\x80/", photo_url);
    const dm_input input = dm_image_url(url);
    struct request_log *log = submit(&input, 1, NULL);
    cJSON *sent = log_json(log->items[0]);
    const cJSON *inputs = cJSON_GetObjectItemCaseSensitive(sent, "inputs");
    const cJSON *image = cJSON_GetObjectItemCaseSensitive(inputs->child, "image");

    (void)state;
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(image, "source")), url);
    cJSON_Delete(sent);
    request_log_free(log);
}

/* A body of more than 64 KiB is not in the log, but its digest is. */
static void check_base64_body(enum base64_style style)
{
    char digest[SHA256_HEX_SIZE];
    char *expected = NULL;
    char *text = base64_text(photo, photo_size, style);
    char *plain = base64_text(photo, photo_size, BASE64_PLAIN);
    const dm_input input = dm_image_base64(text, strlen(text));
    struct request_log *log = submit(&input, 1, NULL);

    assert_true(asprintf(&expected, "{\"inputs\":[{\"image\":{\"source\":\"data:image/*;base64,%s\"}}]}", plain) > 0);
    assert_true(sha256_of_memory(expected, strlen(expected), digest));
    check_request(log->items[0], COLORS_PATH);
    assert_string_equal(log_header(log->items[0], "content-type"), "application/json");
    assert_int_equal(log_number(log->items[0], "body_length"), strlen(expected));
    assert_string_equal(log_text(log->items[0], "body_sha256"), digest);
    request_log_free(log);
    free(plain);
    free(text);
    free(expected);
}

static void base64_is_sent_as_json_in_one_line_and_padded(void **state)
{
    (void)state;
    check_base64_body(BASE64_PLAIN);
    check_base64_body(BASE64_WRAPPED);
    check_base64_body(BASE64_UNPADDED);
}

/* ---- Multipart ---- */

/* An expected part: text, or the photograph. */
struct part {
    const char *name;
    const char *text; /* NULL: the photograph as a file */
};

static void check_text_part(const cJSON *part, const char *text)
{
    char digest[SHA256_HEX_SIZE];

    assert_null(log_text(part, "filename"));
    assert_string_equal(log_text(part, "text"), text);
    assert_int_equal(log_number(part, "length"), strlen(text));
    assert_true(sha256_of_memory(text, strlen(text), digest));
    assert_string_equal(log_text(part, "sha256"), digest);
}

/* Without a file name, the service would treat the bytes as text. */
static void check_photo_part(const cJSON *part)
{
    assert_non_null(log_text(part, "filename"));
    assert_string_equal(log_text(part, "filename"), "image");
    assert_int_equal(log_number(part, "length"), photo_size);
    assert_string_equal(log_text(part, "sha256"), photo_digest);
}

static void check_parts(const struct request_log *log, const char *path, const struct part *expected, size_t count)
{
    static const char media_type[] = "multipart/form-data; boundary=";
    const cJSON *request = log_only(log, "POST", path);
    const cJSON *parts = cJSON_GetObjectItemCaseSensitive(request, "parts");

    check_request(request, path);
    assert_memory_equal(log_header(request, "content-type"), media_type, strlen(media_type));
    assert_int_equal(cJSON_GetArraySize(parts), count);
    for (size_t i = 0; i < count; i++) {
        const cJSON *part = cJSON_GetArrayItem(parts, (int)i);

        assert_string_equal(log_text(part, "name"), expected[i].name);
        if (expected[i].text != NULL)
            check_text_part(part, expected[i].text);
        else
            check_photo_part(part);
    }
}

static void a_file_is_one_part_of_a_form(void **state)
{
    const dm_input inputs[] = {dm_image_file(photo_path), dm_image_bytes(photo, photo_size)};
    const struct part expected = {"inputs[0]image.source", NULL};

    (void)state;
    for (size_t i = 0; i < COUNT(inputs); i++) {
        struct request_log *log = submit(&inputs[i], 1, NULL);

        check_parts(log, COLORS_PATH, &expected, 1);
        request_log_free(log);
    }
}

/* A path need not be UTF-8, and no part of it is sent. */
static void a_file_s_path_may_be_any_bytes(void **state)
{
    const struct part expected = {"inputs[0]image.source", NULL};
    char *folder = temp_folder_new();
    char *path = temp_path(folder, "caf\xe9\xff \"\n.jpg");
    const dm_input input = dm_image_file(path);

    (void)state;
    assert_true(write_file(path, photo, photo_size));
    struct request_log *log = submit(&input, 1, NULL);
    check_parts(log, COLORS_PATH, &expected, 1);
    request_log_free(log);
    free(path);
    assert_true(temp_folder_remove(folder));
}

/* Flattened names, as Django REST framework expects them: without a dot after an index. The options come first. */
static void each_field_of_a_file_input_is_a_part_of_its_own(void **state)
{
    static const struct part expected[] = {
        {"show_discarded", "true"},
        {"max_predictions", "7"},
        {"inputs[0]image.source", NULL},
        {"inputs[0]image.bbox.xmin", "0.1"},
        {"inputs[0]image.bbox.ymin", "0.25"},
        {"inputs[0]image.bbox.xmax", "0.3333333333333333"},
        {"inputs[0]image.bbox.ymax", "1"},
        {"inputs[0]image.polygon[0]x", "0.5"},
        {"inputs[0]image.polygon[0]y", "0.125"},
        {"inputs[0]image.polygon[1]x", "0.875"},
        {"inputs[0]image.polygon[1]y", "0.75"},
        {"inputs[0]image.polygon[2]x", "1e-07"},
        {"inputs[0]image.polygon[2]y", "1"},
        {"inputs[0]image.crop_uniform_background", "true"},
    };
    const dm_infer_options options = {.show_discarded = true, .max_predictions = 7};
    dm_input input = dm_image_file(photo_path);

    (void)state;
    input.bbox = &a_box;
    input.polygon = a_triangle;
    input.polygon_count = 3;
    input.crop_uniform_background = true;
    struct request_log *log = submit(&input, 1, &options);
    check_parts(log, COLORS_PATH, expected, sizeof expected / sizeof expected[0]);
    request_log_free(log);
}

static void a_url_beside_a_file_is_a_part_that_is_text(void **state)
{
    const struct part expected[] = {
        {"inputs[0]image.source", photo_url},
        {"inputs[1]image.source", NULL},
        {"inputs[1]image.bbox.xmin", "0.1"},
        {"inputs[1]image.bbox.ymin", "0.25"},
        {"inputs[1]image.bbox.xmax", "0.3333333333333333"},
        {"inputs[1]image.bbox.ymax", "1"},
    };
    dm_input inputs[] = {dm_image_url(photo_url), dm_image_file(photo_path)};

    (void)state;
    inputs[1].bbox = &a_box;
    struct request_log *log = submit(inputs, 2, NULL);
    check_parts(log, PAIR_PATH, expected, sizeof expected / sizeof expected[0]);
    request_log_free(log);
}

static void base64_beside_bytes_is_a_part_that_is_a_data_uri(void **state)
{
    char source[64];
    snprintf(source, sizeof source, "data:image/*;base64,%s", "/9j/4AA=");
    const struct part expected[] = {{"inputs[0]image.source", source}, {"inputs[1]image.source", NULL}};
    const dm_input inputs[] = {dm_image_base64("/9j/\r\n4A\tA ", 11), dm_image_bytes(photo, photo_size)};
    struct request_log *log = submit(inputs, 2, NULL);

    (void)state;
    check_parts(log, PAIR_PATH, expected, sizeof expected / sizeof expected[0]);
    request_log_free(log);
}

/* ---- Whole calls ---- */

static void an_inference_is_one_submission_and_polls_of_its_task(void **state)
{
    const dm_input input = dm_image_url(photo_url);
    const size_t mark = sandbox_mark(api.sandbox);
    dm_inference *inference = NULL;

    (void)state;
    assert_status(dm_spec_infer(api.client, dm_public_spec("sandbox-colors"), &input, 1, NULL, NULL, &inference, NULL),
                  DM_OK, NULL);
    struct request_log *log = api_requests_since(&api, mark, "/v0.7/");
    assert_true(log->count >= 2);
    check_request(log->items[0], COLORS_PATH);
    for (size_t i = 1; i < log->count; i++) {
        assert_string_equal(log_text(log->items[i], "method"), "GET");
        assert_memory_equal(log_text(log->items[i], "path"), "/v0.7/tasks/", strlen("/v0.7/tasks/"));
        assert_string_equal(log_text(log->items[i], "path"), log_text(log->items[1], "path"));
        assert_int_equal(log_number(log->items[i], "body_length"), 0);
        check_headers(log->items[i], false);
    }
    dm_inference_free(inference);
    request_log_free(log);
}

/* Submits to a specification that does not exist, and checks only the request's path. */
static void check_path_of(dm_client *client, dm_spec_id spec, const char *path)
{
    const dm_input inputs[] = {dm_image_url(photo_url), dm_image_file(photo_path)};

    for (size_t i = 0; i < 2; i++) {
        const size_t mark = sandbox_mark(api.sandbox);
        dm_task_id id;
        dm_error error;

        assert_status(dm_spec_submit(client, spec, &inputs[i], 1, NULL, NULL, &id, &error), DM_ERR_NOT_FOUND, &error);
        assert_int_equal(error.http_status, 404);
        assert_string_equal(id.text, "");
        struct request_log *log = api_requests_since(&api, mark, "/");
        assert_int_equal(log->count, 1);
        log_only(log, "POST", path);
        request_log_free(log);
    }
}

static void private_and_public_ids_go_to_different_paths(void **state)
{
    (void)state;
    check_path_of(api.client, dm_private_spec(42), "/v0.7/recognition/specs/42/inference");
    check_path_of(api.client, dm_public_spec("42"), "/v0.7/recognition/public/42/inference");
    check_path_of(api.client, dm_private_spec(INT64_C(9007199254740991)),
                  "/v0.7/recognition/specs/9007199254740991/inference");
}

static void a_public_id_is_one_segment_of_the_path_whatever_is_in_it(void **state)
{
    (void)state;
    check_path_of(api.client, dm_public_spec("a b;c&d=\xc3\xa9+~"),
                  "/v0.7/recognition/public/a%20b%3Bc%26d%3D%C3%A9%2B~/inference");
    check_path_of(api.client, dm_public_spec("..."), "/v0.7/recognition/public/.../inference");
}

/* ---- Large uploads ---- */

enum { LARGE = 3 * 1024 * 1024 };

/* A photograph followed by zeros, which a decoder ignores. */
static char *large_photo(void)
{
    char *bytes = calloc(1, LARGE);

    assert_non_null(bytes);
    memcpy(bytes, photo, photo_size);
    return bytes;
}

static void check_large(const dm_input *input)
{
    struct request_log *log = submit(input, 1, NULL);

    check_request(log->items[0], COLORS_PATH);
    assert_null(log_header(log->items[0], "expect"));
    assert_null(log_header(log->items[0], "transfer-encoding"));
    assert_true(log_number(log->items[0], "body_length") > LARGE);
    request_log_free(log);
}

static void a_large_upload_has_no_expect_header(void **state)
{
    char *folder = temp_folder_new();
    char *path = temp_path(folder, "large.jpg");
    char *bytes = large_photo();
    char *base64 = base64_text(bytes, LARGE, BASE64_WRAPPED);
    const dm_input inputs[] = {dm_image_file(path), dm_image_bytes(bytes, LARGE),
                               dm_image_base64(base64, strlen(base64))};

    (void)state;
    assert_true(write_file(path, bytes, LARGE));
    for (size_t i = 0; i < COUNT(inputs); i++)
        check_large(&inputs[i]);
    free(base64);
    free(bytes);
    free(path);
    assert_true(temp_folder_remove(folder));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_url_alone_is_sent_as_json),
        cmocka_unit_test(all_fields_of_a_url_input_are_sent_as_json),
        cmocka_unit_test(a_url_is_escaped_in_json),
        cmocka_unit_test(base64_is_sent_as_json_in_one_line_and_padded),
        cmocka_unit_test(a_file_is_one_part_of_a_form),
        cmocka_unit_test(a_file_s_path_may_be_any_bytes),
        cmocka_unit_test(each_field_of_a_file_input_is_a_part_of_its_own),
        cmocka_unit_test(a_url_beside_a_file_is_a_part_that_is_text),
        cmocka_unit_test(base64_beside_bytes_is_a_part_that_is_a_data_uri),
        cmocka_unit_test(an_inference_is_one_submission_and_polls_of_its_task),
        cmocka_unit_test(private_and_public_ids_go_to_different_paths),
        cmocka_unit_test(a_public_id_is_one_segment_of_the_path_whatever_is_in_it),
        cmocka_unit_test(a_large_upload_has_no_expect_header),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

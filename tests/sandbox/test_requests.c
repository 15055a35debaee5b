/* What the sandbox accepts and rejects, as bytes on the wire. */
#include "array.h"
#include "cmyk_jpeg.h"
#include "raw_exchange.h"
#include "raw_http.h"
#include "sandbox_process.h"
#include "temp_files.h"
#include "test.h"
#include "tiny_png.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLIC         "/v0.7/recognition/public/"
#define COLORS         PUBLIC "sandbox-colors/inference"
#define TIME_LIMIT_MS  20000
#define INPUT(picture) "{\"image\":{\"source\":\"" picture "\"}}"

static struct sandbox_process *sandbox;
static char *folder; /* what the sandbox serves as /files/ */

static void write_picture(const char *name, const void *bytes, size_t size)
{
    char *path = temp_path(folder, name);

    assert_non_null(bytes);
    assert_true(write_file(path, bytes, size));
    free(path);
}

static void write_pictures(void)
{
    const char *const red_and_white[] = {"rrrw", NULL};
    const char *const red_and_green[] = {"rrgg", NULL};
    size_t size;
    unsigned char *png = tiny_png(red_and_white, &size);

    write_picture("white.png", png, size);
    free(png);
    png = tiny_png(red_and_green, &size);
    write_picture("green.png", png, size);
    free(png);
}

static int start(void **state)
{
    const char *arguments[] = {"--task-delay-ms", "0", "--files", NULL, NULL};

    (void)state;
    folder = temp_folder_new();
    assert_non_null(folder);
    write_pictures();
    arguments[3] = folder;
    sandbox = sandbox_start(arguments);
    assert_non_null(sandbox);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    assert_int_equal(sandbox_stop(sandbox), 0);
    assert_true(temp_folder_remove(folder));
    return 0;
}

/* Posts JSON after replacing %s, at most three times, with the sandbox's address. Free the result. */
static char *post(const char *path, const char *format, long status)
{
    const char *url = sandbox_url(sandbox);
    char json[2048];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(json, sizeof json, format, url, url, url);
#pragma GCC diagnostic pop
    char *reply = raw_http(url, path, "sandbox", json, status);
    assert_non_null(reply);
    return reply;
}

/* The task whose id is in the reply. Delete it. */
static cJSON *task_of(const char *reply)
{
    cJSON *json = cJSON_Parse(reply);
    char path[64];

    snprintf(path, sizeof path, "/v0.7/tasks/%s",
             cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "task_id")));
    char *text = raw_http(sandbox_url(sandbox), path, "sandbox", NULL, 200);
    cJSON *task = cJSON_Parse(text);
    assert_non_null(task);
    free(text);
    cJSON_Delete(json);
    return task;
}

/* Checks that the task's only output predicts one label, with this score. */
static void check_only_label(const char *reply, const char *name, double score)
{
    cJSON *task = task_of(reply);
    const cJSON *outputs = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(task, "data"), "outputs");

    assert_non_null(outputs);
    const cJSON *predicted =
        cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(outputs->child, "labels"), "predicted");
    assert_int_equal(cJSON_GetArraySize(predicted), 1);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(predicted->child, "label_name")), name);
    double difference = cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(predicted->child, "score")) - score;
    assert_true(difference < 1e-9 && difference > -1e-9);
    assert_null(cJSON_GetObjectItemCaseSensitive(predicted->child, "sequence_index"));
    cJSON_Delete(task);
}

/* ---- Inputs ---- */

static void check_rejected(const char *path, const char *json, const char *words)
{
    char *reply = post(path, json, 400);
    cJSON *error = cJSON_Parse(reply);
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(error, "error"));

    assert_non_null(text);
    if (strstr(text, words) == NULL)
        fail_msg("'%s' does not contain '%s'", text, words);
    cJSON_Delete(error);
    free(reply);
}

static void a_specification_takes_a_fixed_number_of_inputs(void **state)
{
    (void)state;
    check_rejected(COLORS, "{\"inputs\":[" INPUT("%s/files/green.png") "," INPUT("%s/files/green.png") "]}",
                   "exactly 1 input, but the request has 2");
    check_rejected(PUBLIC "sandbox-regions/inference",
                   "{\"inputs\":[" INPUT("%s/a") "," INPUT("%s/a") "," INPUT("%s/a") "]}",
                   "exactly 1 input, but the request has 3");
    check_rejected(PUBLIC "sandbox-pair/inference", "{\"inputs\":[" INPUT("%s/files/green.png") "]}",
                   "exactly 2 inputs, but the request has 1");
    check_rejected(PUBLIC "sandbox-pair/inference", "{\"inputs\":[]}", "must not be empty");
}

static void the_pair_finds_the_colours_that_the_second_picture_has_more_of(void **state)
{
    (void)state;
    char *there = post(PUBLIC "sandbox-pair/inference",
                       "{\"inputs\":[" INPUT("%s/files/white.png") "," INPUT("%s/files/green.png") "]}", 200);
    char *back = post(PUBLIC "sandbox-pair/inference",
                      "{\"inputs\":[" INPUT("%s/files/green.png") "," INPUT("%s/files/green.png") "]}", 200);
    cJSON *nothing = task_of(back);
    char *text = cJSON_PrintUnformatted(nothing);

    check_only_label(there, "green", 0.5);
    assert_non_null(strstr(text, "\"predicted\":[]"));
    cJSON_free(text);
    cJSON_Delete(nothing);
    free(there);
    free(back);
}

static void a_private_specification_takes_one_input(void **state)
{
    (void)state;
    free(post("/v0.7/recognition/specs",
              "{\"name\":\"a\",\"outputs\":[{\"labels\":{\"roi\":\"NONE\",\"exclusive\":true,"
              "\"labels\":[{\"id\":0,\"name\":\"red\"},{\"id\":1,\"name\":\"green\"}]}}]}",
              201));
    free(post("/v0.7/recognition/versions",
              "{\"spec_id\":1,\"network_id\":1,\"post_processings\":[{\"classification\":{}}]}", 201));
    check_rejected("/v0.7/recognition/specs/1/inference", "{\"inputs\":[" INPUT("%s/a") "," INPUT("%s/a") "]}",
                   "exactly 1 input, but the request has 2");
}

/* ---- Versions ---- */

/* The specification of the test above has two labels. */
static void check_thresholds(const char *kind, const char *thresholds, const char *words)
{
    char json[512];

    snprintf(json, sizeof json, "{\"spec_id\":1,\"network_id\":1,\"post_processings\":[{\"%s\":{\"thresholds\":%s}}]}",
             kind, thresholds);
    char *reply =
        raw_http(sandbox_url(sandbox), "/v0.7/recognition/versions", "sandbox", json, words != NULL ? 400 : 201);
    assert_non_null(reply);
    if (words != NULL && strstr(reply, words) == NULL)
        fail_msg("%s does not contain %s", reply, words);
    free(reply);
}

static void there_is_one_threshold_for_each_label(void **state)
{
    (void)state;
    check_thresholds("classification", "[0.1,0.2]", NULL);
    check_thresholds("classification", "[0.1]", "for each label of the output is required: 2, not 1");
    check_thresholds("classification", "[]", "required: 2, not 0");
    check_thresholds("detection", "[0.1,0.2,0.3]", "{\"detection\":{\"thresholds\":[\"One threshold for each label");
    check_thresholds("detection", "[0.1,\"high\"]", "A valid number is required.");
    check_thresholds("detection", "0.5", "Expected a list of items.");
}

/* ---- Pictures ---- */

static void check_inks(const unsigned char inks[4], bool ycck, const char *color)
{
    size_t size;
    unsigned char *file = cmyk_jpeg(inks, ycck, &size);

    write_picture("inks.jpg", file, size);
    free(file);
    char *reply = post(COLORS, "{\"inputs\":[" INPUT("%s/files/inks.jpg") "]}", 200);
    check_only_label(reply, color, 1);
    free(reply);
}

static void a_cmyk_jpeg_has_its_colours(void **state)
{
    const unsigned char red[] = {255, 0, 0, 255};
    const unsigned char green[] = {0, 255, 0, 255};
    const unsigned char white[] = {255, 255, 255, 255};
    const unsigned char black[] = {255, 255, 255, 0};

    (void)state;
    for (int ycck = 0; ycck < 2; ycck++) {
        check_inks(red, ycck != 0, "red");
        check_inks(green, ycck != 0, "green");
        check_inks(white, ycck != 0, "white");
        check_inks(black, ycck != 0, "black");
    }
}

static void the_message_for_a_failed_download_has_its_status(void **state)
{
    (void)state;
    char *reply = post(COLORS, "{\"inputs\":[" INPUT("%s/files/missing.png") "]}", 200);
    cJSON *task = task_of(reply);
    const char *error = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(task, "error"));

    assert_non_null(error);
    assert_non_null(strstr(error, "inputs[0].image.source: "));
    assert_non_null(strstr(error, "HTTP 404"));
    cJSON_Delete(task);
    free(reply);
}

/* ---- Request targets and multipart bodies, as bytes ---- */

/* Sends a request with a body, checks the status, and returns the reply's body. Free it. */
static char *send_raw(const char *target, const char *boundary, const char *body, const char *status)
{
    char request[4096];
    int size = snprintf(request, sizeof request,
                        "POST %s HTTP/1.1\r\nHost: sandbox.test\r\nX-API-KEY: sandbox\r\nConnection: close\r\n"
                        "Content-Type: multipart/form-data; boundary=%s\r\nContent-Length: %zu\r\n\r\n%s",
                        target, boundary, strlen(body), body);
    struct raw_answer answer = raw_exchange(sandbox_url(sandbox), request, (size_t)size, TIME_LIMIT_MS);

    assert_int_equal(answer.end, RAW_CLOSED);
    if (strncmp(answer.text, status, strlen(status)) != 0)
        fail_msg("%s", answer.text);
    char *reply = strdup(strstr(answer.text, "\r\n\r\n") + 4);
    free(answer.text);
    return reply;
}

/* A part with the picture green.png's address. */
#define SOURCE_PART "Content-Disposition: form-data; name=\"inputs[0]image.source\"\r\n\r\nhttp://127.0.0.1:1/none.png"

static void a_nul_byte_in_a_target_is_rejected(void **state)
{
    static const char *const targets[] = {"/v0.7/accounts/me%00x", "/v0.7/recognition/specs%00",
                                          "/v0.7/recognition/specs?limit=1%002"};
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++) {
        char *reply = raw_http(sandbox_url(sandbox), targets[i], "sandbox", NULL, 400);
        assert_non_null(reply);
        assert_non_null(strstr(reply, "NUL"));
        free(reply);
    }
}

/* Returns a target of this length: the beginning, and the argument as often as needed. */
static char *long_target(const char *start, const char *argument, size_t length)
{
    const size_t start_size = strlen(start);
    char *target = malloc(length + 1);

    memcpy(target, start, start_size);
    for (size_t i = start_size; i < length; i++)
        target[i] = argument[(i - start_size) % strlen(argument)];
    target[length] = '\0';
    return target;
}

static void check_long_target(const char *start, const char *argument, size_t length, const char *status)
{
    char *target = long_target(start, argument, length);
    const size_t room = length + 128;
    char *request = malloc(room);
    const int size =
        snprintf(request, room,
                 "GET %s HTTP/1.1\r\nHost: sandbox.test\r\nX-API-KEY: sandbox\r\nConnection: close\r\n\r\n", target);
    struct raw_answer answer = raw_exchange(sandbox_url(sandbox), request, (size_t)size, TIME_LIMIT_MS);

    assert_int_equal(answer.end, RAW_CLOSED);
    if (strncmp(answer.text, status, strlen(status)) != 0)
        fail_msg("%zu bytes, with %s: %s", length, argument, answer.text);
    free(answer.text);
    free(request);
    free(target);
}

static void a_target_that_is_too_long_is_answered(void **state)
{
    (void)state;
    check_long_target("/v0.7/accounts/me?x=", "y", 8190, "HTTP/1.1 200 ");
    check_long_target("/v0.7/accounts/me?x=", "&a", 8190, "HTTP/1.1 200 ");
    check_long_target("/v0.7/accounts/me?x=", "y", 8191, "HTTP/1.1 414 ");
    check_long_target("/v0.7/tasks?x=", "&task_ids=1", 75000, "HTTP/1.1 414 ");
    check_long_target("/v0.7/", "x/", 75000, "HTTP/1.1 414 ");
}

static void check_body(const char *body)
{
    char *reply = send_raw(COLORS, "limit", body, "HTTP/1.1 200 ");

    assert_non_null(strstr(reply, "task_id"));
    free(reply);
}

static void a_multipart_body_may_have_a_preamble(void **state)
{
    (void)state;
    check_body("--limit\r\n" SOURCE_PART "\r\n--limit--\r\n");
    check_body("This is a message in MIME format.\r\n--limit\r\n" SOURCE_PART "\r\n--limit--\r\n");
    check_body("\r\n--limit\r\n" SOURCE_PART "\r\n--limit--\r\nAn epilogue.");
}

static void white_space_may_follow_a_boundary(void **state)
{
    (void)state;
    check_body("--limit \t \r\n" SOURCE_PART "\r\n--limit-- \t\r\n");
    check_body("--limit \r\n" SOURCE_PART "\r\n--limit\t\r\n"
               "Content-Disposition: form-data; name=\"show_discarded\"\r\n\r\ntrue\r\n--limit--\r\n");
}

static void other_multipart_bodies_are_rejected(void **state)
{
    (void)state;
    free(send_raw(COLORS, "limit", "--other\r\n" SOURCE_PART "\r\n--other--\r\n", "HTTP/1.1 400 "));
    free(send_raw(COLORS, "limit", "--limit x\r\n" SOURCE_PART "\r\n--limit--\r\n", "HTTP/1.1 400 "));
    free(send_raw(COLORS, "limit", "--limit\r\n" SOURCE_PART "\r\n", "HTTP/1.1 400 "));
    free(send_raw(COLORS, "limit", " --limit\r\n" SOURCE_PART "\r\n--limit--\r\n", "HTTP/1.1 400 "));
}

/* Sends a file part with this parameter, and checks the file's name in the request log. */
static void check_filename(const char *parameter, const char *expected)
{
    const size_t mark = sandbox_mark(sandbox);
    char body[1024];

    snprintf(body, sizeof body,
             "--limit\r\nContent-Disposition: form-data; name=\"inputs[0]image.source\"; %s\r\n\r\nx\r\n--limit--\r\n",
             parameter);
    free(send_raw(COLORS, "limit", body, "HTTP/1.1 200 "));
    struct request_log *log = sandbox_requests_since(sandbox, mark);
    assert_int_equal(log->count, 1);
    const cJSON *part = cJSON_GetObjectItemCaseSensitive(log->items[0], "parts")->child;
    const char *filename = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(part, "filename"));
    assert_non_null(filename);
    assert_string_equal(filename, expected);
    request_log_free(log);
}

static void a_file_may_have_an_extended_name(void **state)
{
    (void)state;
    check_filename("filename=\"a.jpg\"", "a.jpg");
    check_filename("filename*=UTF-8''caf%C3%A9%20a.jpg", "caf\xc3\xa9 a.jpg");
    check_filename("filename*=utf-8'fr'caf%c3%a9.jpg; filename=\"b.jpg\"", "caf\xc3\xa9.jpg");
    check_filename("filename*=UTF-8''100%.jpg", "100%.jpg");
}

static void check_target(const char *target, const char *path)
{
    const size_t mark = sandbox_mark(sandbox);

    free(send_raw(target, "limit", "--limit\r\n" SOURCE_PART "\r\n--limit--\r\n", "HTTP/1.1 200 "));
    struct request_log *log = sandbox_requests_since(sandbox, mark);
    assert_int_equal(log->count, 1);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(log->items[0], "path")), path);
    request_log_free(log);
}

static void a_target_may_have_the_absolute_form(void **state)
{
    (void)state;
    check_target("http://sandbox.test" COLORS, COLORS);
    check_target("HTTP://127.0.0.1:80" COLORS "?a=http://b/c", COLORS);
    check_target("https://[::1]" COLORS "/", COLORS "/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_specification_takes_a_fixed_number_of_inputs),
        cmocka_unit_test(the_pair_finds_the_colours_that_the_second_picture_has_more_of),
        cmocka_unit_test(a_private_specification_takes_one_input),
        cmocka_unit_test(there_is_one_threshold_for_each_label),
        cmocka_unit_test(a_cmyk_jpeg_has_its_colours),
        cmocka_unit_test(the_message_for_a_failed_download_has_its_status),
        cmocka_unit_test(a_nul_byte_in_a_target_is_rejected),
        cmocka_unit_test(a_target_that_is_too_long_is_answered),
        cmocka_unit_test(a_multipart_body_may_have_a_preamble),
        cmocka_unit_test(white_space_may_follow_a_boundary),
        cmocka_unit_test(other_multipart_bodies_are_rejected),
        cmocka_unit_test(a_file_may_have_an_extended_name),
        cmocka_unit_test(a_target_may_have_the_absolute_form),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

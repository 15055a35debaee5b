/* The sandbox parses multipart bodies as they arrive: which ones it accepts and which it rejects. */
#include "raw_exchange.h"
#include "sandbox_process.h"
#include "sha256.h"
#include "test.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIME_LIMIT_MS     20000
#define PART(name, value) "--limit\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" value "\r\n"
#define FILE_PART(name, content)                                                                                       \
    "--limit\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"" name "\"\r\n\r\n" content "\r\n"
#define PREPROCESSING(mean_file)                                                                                       \
    "{\"inputs\":[{\"tensor_name\":\"x\",\"image\":{\"dimension_order\":\"NHWC\",\"resize_type\":\"SQUASH\","          \
    "\"target_size\":\"8x8\",\"color_channels\":\"L\",\"data_type\":\"FLOAT32\",\"mean_file\":\"" mean_file "\"}}]}"
#define TEXTS PART("name", "n") PART("framework", "tensorflow-1.x") PART("preprocessing", PREPROCESSING(""))
#define MODEL FILE_PART("saved_model.pb", "model")
#define END   "--limit--\r\n"

static struct sandbox_process *sandbox;

static int start(void **state)
{
    (void)state;
    sandbox = sandbox_start(NULL);
    return sandbox != NULL ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    return sandbox_stop(sandbox);
}

/* Posts a body, and returns the reply's body. To be freed. */
static char *post(const char *boundary, const char *body, size_t size, const char *status)
{
    char *request = malloc(size + 512);

    assert_non_null(request);
    const int head = snprintf(request, 512,
                              "POST /v0.7/networks HTTP/1.1\r\nHost: a\r\nX-API-KEY: sandbox\r\nConnection: close\r\n"
                              "Content-Type: multipart/form-data; boundary=%s\r\nContent-Length: %zu\r\n\r\n",
                              boundary, size);
    memcpy(request + head, body, size);
    struct raw_answer answer = raw_exchange(sandbox_url(sandbox), request, (size_t)head + size, TIME_LIMIT_MS);
    assert_int_equal(answer.end, RAW_CLOSED);
    if (strstr(answer.text, status) != answer.text + strlen("HTTP/1.1 "))
        fail_msg("%s\n%s", body, answer.text);
    char *reply = strdup(strstr(answer.text, "\r\n\r\n") + 4);
    free(answer.text);
    free(request);
    return reply;
}

static void check_accepted(const char *body)
{
    free(post("limit", body, strlen(body), "201"));
}

static void check_rejected(const char *body, const char *words)
{
    char *reply = post("limit", body, strlen(body), "400");

    if (strstr(reply, words) == NULL)
        fail_msg("%s does not contain %s", reply, words);
    free(reply);
}

static void a_form_may_be_written_in_several_ways(void **state)
{
    (void)state;
    check_accepted(TEXTS MODEL END);
    check_accepted(MODEL TEXTS END);
    check_accepted("A preamble.\r\n" TEXTS MODEL END "An epilogue.");
    check_accepted("\r\n" TEXTS MODEL END);
    check_accepted("--limit \t\r\n"
                   "Content-Disposition: form-data; name=\"description\"\r\n\r\n\r\n" TEXTS MODEL END);
    check_accepted(PART("name", "n") PART("framework", "f") PART("metadata", "{}")
                       PART("preprocessing", PREPROCESSING("mean")) MODEL FILE_PART("mean", "1") END);
}

static void broken_forms_are_rejected(void **state)
{
    (void)state;
    check_rejected(TEXTS MODEL, "the body stops before its last boundary");
    check_rejected(TEXTS "--limit\r\nContent-Disposition: form-data; name=\"a\"",
                   "the body stops before its last boundary");
    check_rejected("no boundary", "the boundary is missing");
    check_rejected("--limit x\r\n" TEXTS MODEL END, "a boundary is not followed by CR LF");
    check_rejected("--limit\r\nContent-Type: text/plain\r\n\r\na\r\n" TEXTS MODEL END, "a part has no name");
    free(post("", TEXTS MODEL END, strlen(TEXTS MODEL END), "400"));
}

static void wrong_fields_are_rejected(void **state)
{
    (void)state;
    check_rejected(TEXTS END, "At least one file is required.");
    check_rejected(MODEL END, "{\"name\":[\"This field is required.\"]");
    check_rejected(TEXTS PART("metadata", "[1") MODEL END, "{\"metadata\":[\"Value must be valid JSON.\"]}");
    check_rejected(TEXTS PART("colour", "red") MODEL END, "colour is not a field of this form");
    check_rejected(TEXTS FILE_PART("saved_model.pb", "") END, "The submitted file is empty.");
    check_rejected(PART("name", "") PART("framework", "f") PART("preprocessing", PREPROCESSING("")) MODEL END,
                   "This field may not be blank.");
    check_rejected(PART("name", "n") PART("framework", "f") PART("preprocessing", PREPROCESSING("mean")) MODEL END,
                   "There is no file of that name.");
    check_rejected(PART("name", "n") PART("framework", "f") PART("preprocessing", "{\"inputs\":[]}") MODEL END,
                   "This list may not be empty.");
    check_rejected(PART("name", "n") PART("framework", "f")
                       PART("preprocessing", "{\"inputs\":[{\"tensor_name\":\"x\",\"image\":{}}]}") MODEL END,
                   "\"dimension_order\":[\"This field is required.\"]");
}

/* The content is full of incomplete delimiters, so that some are split between two pieces. */
static void content_that_arrives_in_pieces_is_joined(void **state)
{
    static const char unit[] = "\r\n--limi";
    static const char before[] = TEXTS "--limit\r\nContent-Disposition: form-data; name=\"saved_model.pb\"; "
                                       "filename=\"f\"\r\n\r\n";
    static const char after[] = "\r\n" END;
    enum { UNIT = sizeof unit - 1, COUNT = 200000 };
    char digest[SHA256_HEX_SIZE];
    const size_t size = (size_t)UNIT * COUNT;
    char *body = malloc(sizeof before + size + sizeof after);
    char *content = body + sizeof before - 1;

    (void)state;
    assert_non_null(body);
    memcpy(body, before, sizeof before - 1);
    for (size_t i = 0; i < COUNT; i++)
        memcpy(content + i * UNIT, unit, UNIT);
    memcpy(content + size, after, sizeof after - 1);
    assert_true(sha256_of_memory(content, size, digest));
    const size_t mark = sandbox_mark(sandbox);
    free(post("limit", body, sizeof before - 1 + size + sizeof after - 1, "201"));

    struct request_log *log = sandbox_requests_since(sandbox, mark);
    assert_int_equal(log->count, 1);
    const cJSON *part = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(log->items[0], "parts"), 3);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(part, "sha256")), digest);
    assert_true(cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(part, "length")) == (double)size);
    request_log_free(log);
    free(body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_may_be_written_in_several_ways),
        cmocka_unit_test(broken_forms_are_rejected),
        cmocka_unit_test(wrong_fields_are_rejected),
        cmocka_unit_test(content_that_arrives_in_pieces_is_joined),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

#include "sent_requests.h"

#include "assert_status.h"
#include "test.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

size_t sent_mark(const struct api_test *test)
{
    return sandbox_mark(test->sandbox);
}

struct request_log *sent_since(const struct api_test *test, size_t mark)
{
    return api_requests_since(test, mark, "");
}

static const char *argument_text(const cJSON *pair, int index)
{
    return cJSON_GetStringValue(cJSON_GetArrayItem(pair, index));
}

/* Writes the query as "name=value&name=value", decoded. */
static void write_query(const cJSON *request, char *text, size_t size)
{
    const cJSON *pair;
    size_t length = 0;

    text[0] = '\0';
    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(request, "query"))
    {
        length += (size_t)snprintf(text + length, size - length, "%s%s=%s", length > 0 ? "&" : "",
                                   argument_text(pair, 0), argument_text(pair, 1));
        assert_true(length < size);
    }
}

size_t log_count_arguments(const cJSON *request, const char *name)
{
    const cJSON *pair;
    size_t count = 0;

    cJSON_ArrayForEach(pair, cJSON_GetObjectItemCaseSensitive(request, "query"))
    {
        if (strcmp(argument_text(pair, 0), name) == 0)
            count++;
    }
    return count;
}

static void assert_text(size_t index, const char *what, const char *actual, const char *expected)
{
    if (actual == NULL || strcmp(actual, expected) != 0)
        fail_msg("request %zu: %s: expected %s, got %s", index, what, expected, actual != NULL ? actual : "none");
}

static void assert_no_header(size_t index, const cJSON *request, const char *name)
{
    if (log_header(request, name) != NULL)
        fail_msg("request %zu: unexpected header %s: %s", index, name, log_header(request, name));
}

static void assert_headers(size_t index, const cJSON *request, bool with_body)
{
    assert_text(index, "X-API-KEY", log_header(request, "x-api-key"), SANDBOX_KEY);
    assert_text(index, "Accept", log_header(request, "accept"), "application/json");
    assert_text(index, "User-Agent", log_header(request, "user-agent"), "libdeepomatic/" DM_VERSION);
    assert_non_null(log_header(request, "accept-encoding"));
    assert_no_header(index, request, "x-app-id");
    assert_no_header(index, request, "expect");
    assert_no_header(index, request, "transfer-encoding");
    assert_no_header(index, request, "cookie");
    assert_no_header(index, request, "authorization");
    if (!with_body) {
        assert_no_header(index, request, "content-type");
        return;
    }
    assert_text(index, "Content-Type", log_header(request, "content-type"), "application/json");
    assert_int_equal(log_number(request, "content_length"), log_number(request, "body_length"));
}

static void assert_body(size_t index, const cJSON *request, const char *expected)
{
    const char *body = log_text(request, "body");

    if (expected == NULL) {
        if (log_number(request, "body_length") != 0)
            fail_msg("request %zu: unexpected body: %s", index, body != NULL ? body : "(not shown)");
        return;
    }
    cJSON *sent = body != NULL ? cJSON_ParseWithOpts(body, NULL, true) : NULL;
    cJSON *wanted = cJSON_ParseWithOpts(expected, NULL, true);
    assert_non_null(wanted);
    const bool same = cJSON_Compare(sent, wanted, true) != 0;
    cJSON_Delete(sent);
    cJSON_Delete(wanted);
    if (!same)
        fail_msg("request %zu: body: expected %s, got %s", index, expected, body != NULL ? body : "none");
}

static void assert_request(size_t index, const cJSON *request, const struct expected_request *expected)
{
    char query[1024];

    write_query(request, query, sizeof query);
    assert_text(index, "the method", log_text(request, "method"), expected->method);
    assert_text(index, "the path", log_text(request, "path"), expected->path);
    assert_text(index, "the query", query, expected->query);
    assert_headers(index, request, expected->body != NULL);
    assert_body(index, request, expected->body);
    assert_int_equal(log_number(request, "status"), expected->status);
}

void assert_sent(const struct api_test *test, size_t mark, const struct expected_request *expected, size_t count)
{
    struct request_log *log = sent_since(test, mark);

    for (size_t i = 0; i < log->count && i < count; i++)
        assert_request(i, log->items[i], &expected[i]);
    if (log->count != count)
        fail_msg("expected %zu requests, got %zu", count, log->count);
    request_log_free(log);
}

void assert_nothing_sent(const struct api_test *test, size_t mark)
{
    const size_t now = sandbox_mark(test->sandbox);

    if (now != mark)
        fail_msg("expected no request, got %zu", now - mark);
}

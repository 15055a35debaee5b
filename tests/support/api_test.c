#include "api_test.h"

#include "array.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const sandbox_with_photos[] = {"--files", PHOTOS_DIR, "--task-delay-ms", "0", NULL};

void api_forget_environment(void)
{
    static const char *const variables[] = {
        "DEEPOMATIC_API_KEY", "DEEPOMATIC_APP_ID", "DEEPOMATIC_API_URL", "DEEPOMATIC_API_VERIFY_TLS",
        "http_proxy",         "https_proxy",       "HTTPS_PROXY",        "all_proxy",
        "ALL_PROXY",          "no_proxy",          "NO_PROXY",
    };

    for (size_t i = 0; i < COUNT(variables); i++)
        unsetenv(variables[i]);
}

dm_client *api_client_new(const char *url, const char *key)
{
    const dm_client_options options = {.api_url = url, .api_key = key, .poll_delay_ms = 1, .max_poll_delay_ms = 20};
    dm_client *client = NULL;
    dm_error error;

    assert_status(dm_client_new(&options, &client, &error), DM_OK, &error);
    return client;
}

dm_client *api_client_with(const struct api_test *test, dm_client_options options)
{
    dm_client *client = NULL;
    dm_error error;

    options.api_key = SANDBOX_KEY;
    options.api_url = sandbox_url(test->sandbox);
    assert_status(dm_client_new(&options, &client, &error), DM_OK, &error);
    return client;
}

void api_test_start(struct api_test *test, const char *const *arguments)
{
    *test = (struct api_test){0};
    api_forget_environment();
    test->sandbox = sandbox_start(arguments);
    assert_non_null(test->sandbox);
    test->client = api_client_new(sandbox_url(test->sandbox), SANDBOX_KEY);
}

void api_test_stop(struct api_test *test)
{
    dm_client_free(test->client);
    assert_int_equal(sandbox_stop(test->sandbox), 0);
}

/* ---- Fixtures ---- */

struct api_test api;

int api_setup(void **state)
{
    (void)state;
    api_test_start(&api, NULL);
    return 0;
}

int api_teardown(void **state)
{
    (void)state;
    api_test_stop(&api);
    return 0;
}

int own_api_setup(void **state)
{
    struct api_test *test = malloc(sizeof *test);

    assert_non_null(test);
    api_test_start(test, *state);
    *state = test;
    return 0;
}

int own_api_teardown(void **state)
{
    api_test_stop(*state);
    free(*state);
    return 0;
}

/* ---- The request log ---- */

static bool begins_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

struct request_log *api_requests_since(const struct api_test *test, size_t mark, const char *path)
{
    struct request_log *log = sandbox_requests_since(test->sandbox, mark);
    size_t kept = 0;

    assert_non_null(log);
    for (size_t i = 0; i < log->count; i++) {
        if (begins_with(log_text(log->items[i], "path"), path))
            log->items[kept++] = log->items[i];
        else
            cJSON_Delete(log->items[i]);
    }
    log->count = kept;
    return log;
}

const cJSON *log_only(const struct request_log *log, const char *method, const char *path)
{
    const cJSON *found = NULL;

    for (size_t i = 0; i < log->count; i++) {
        const cJSON *item = log->items[i];

        if (strcmp(log_text(item, "method"), method) != 0 || strcmp(log_text(item, "path"), path) != 0)
            continue;
        if (found != NULL)
            fail_msg("expected one %s %s, got several", method, path);
        found = item;
    }
    if (found == NULL)
        fail_msg("expected one %s %s, got none", method, path);
    return found;
}

const char *log_text(const cJSON *item, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, member);

    if (!cJSON_IsString(value) && !cJSON_IsNull(value))
        fail_msg("expected a string %s in the log", member);
    return value->valuestring;
}

int64_t log_number(const cJSON *item, const char *member)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, member);

    if (!cJSON_IsNumber(value))
        fail_msg("expected a number %s in the log", member);
    return (int64_t)value->valuedouble;
}

const char *log_header(const cJSON *request, const char *name)
{
    const cJSON *headers = cJSON_GetObjectItemCaseSensitive(request, "headers");

    assert_true(cJSON_IsObject(headers));
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(headers, name));
}

cJSON *log_json(const cJSON *request)
{
    const char *body = log_text(request, "body");

    assert_non_null(body);
    cJSON *json = cJSON_Parse(body);
    assert_non_null(json);
    return json;
}

char *api_file_url(const struct api_test *test, const char *name)
{
    char *url = NULL;

    assert_true(asprintf(&url, "%s/files/%s", sandbox_url(test->sandbox), name) > 0);
    return url;
}

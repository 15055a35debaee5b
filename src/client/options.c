#include "client/options.h"

#include "base/check.h"
#include "base/error.h"
#include "base/file.h"
#include "base/random.h"
#include "base/secret.h"
#include "base/url.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_url[] = "https://api.deepomatic.com";
#define API_VERSION "/v0.7"

static const dm_client_options defaults = {
    .user_agent = "libdeepomatic/" DM_VERSION,
    .timeout_ms = 60000,
    .wait_all_timeout_ms = 300000,
    .connect_timeout_ms = 5000,
    .stall_timeout_ms = 10000,
    .max_attempts = 5,
    .retry_delay_ms = 500,
    .max_retry_delay_ms = 8000,
    .poll_delay_ms = 50,
    .max_poll_delay_ms = 1000,
    .max_response_bytes = 67108864,
};

/* What an option comes to: itself, or the environment's value, or NULL. An empty variable is as good as none. */
static const char *choose(const char *option, const char *variable)
{
    if (option != NULL)
        return option;
    const char *value = getenv(variable);
    return value != NULL && *value != '\0' ? value : NULL;
}

static int64_t choose_number(int64_t option, int64_t by_default)
{
    return option != 0 ? option : by_default;
}

/* ---- Credentials: the lines that every request bears ---- */

static dm_status add_header(struct curl_slist **list, const char *name, const char *value)
{
    const size_t size = strlen(name) + strlen(": ") + strlen(value) + 1;
    char *line = malloc(size);
    if (line == NULL)
        return DM_ERR_NO_MEMORY;
    snprintf(line, size, "%s: %s", name, value);
    struct curl_slist *longer = curl_slist_append(*list, line);
    secret_free(line);
    if (longer == NULL)
        return DM_ERR_NO_MEMORY;
    *list = longer;
    return DM_OK;
}

/* "Expect:" with no value keeps libcurl from asking first, and waiting a second for an answer. */
static dm_status add_body_headers(struct curl_slist **list, const char *content_type)
{
    const dm_status status = add_header(list, "Content-Type", content_type);
    if (status != DM_OK)
        return status;
    struct curl_slist *longer = curl_slist_append(*list, "Expect:");
    if (longer == NULL)
        return DM_ERR_NO_MEMORY;
    *list = longer;
    return DM_OK;
}

static dm_status add_headers(struct settings *settings, const char *app_id)
{
    char multipart[64];
    dm_status status = DM_OK;
    for (int media = 0; media < MEDIA_COUNT && status == DM_OK; media++) {
        status = add_header(&settings->headers[media], "X-API-KEY", settings->secret);
        if (status == DM_OK && app_id != NULL)
            status = add_header(&settings->headers[media], "X-APP-ID", app_id);
        if (status == DM_OK)
            status = add_header(&settings->headers[media], "Accept", "application/json");
    }
    snprintf(multipart, sizeof multipart, "multipart/form-data; boundary=%s", settings->boundary);
    if (status == DM_OK)
        status = add_body_headers(&settings->headers[MEDIA_JSON], "application/json");
    if (status == DM_OK)
        status = add_body_headers(&settings->headers[MEDIA_MULTIPART], multipart);
    return status;
}

static dm_status resolve_credentials(const dm_client_options *given, struct settings *settings, dm_error *error)
{
    const char *key = choose(given->api_key, "DEEPOMATIC_API_KEY");
    const char *app_id = choose(given->app_id, "DEEPOMATIC_APP_ID");

    if (key == NULL || *key == '\0')
        return error_set(error, DM_ERR_CREDENTIALS,
                         "there is no API key: set options.api_key or the environment variable DEEPOMATIC_API_KEY");
    dm_status status = check_header_text(error, "the API key", key);
    if (status == DM_OK && (*key == ' ' || key[strlen(key) - 1] == ' '))
        status = error_set(error, DM_ERR_INVALID_ARGUMENT, "the API key begins or ends with a space");
    if (status == DM_OK && app_id != NULL)
        status = check_header_text(error, "the app id", app_id);
    if (status != DM_OK)
        return status;
    settings->secret = strdup(key);
    if (settings->secret == NULL || add_headers(settings, app_id) != DM_OK)
        return error_no_memory(error);
    return DM_OK;
}

/* ---- The address ---- */

static bool ends_with_version(const struct text *path)
{
    const size_t length = strlen(API_VERSION);
    return path->length >= length && strcmp(path->data + path->length - length, API_VERSION) == 0;
}

static const char address_by_option[] = "the API's address (options.api_url)";
static const char address_by_environment[] = "the API's address (the environment's DEEPOMATIC_API_URL)";

/* It may hold a password, and is not shown then; what stands in a query is nobody's business either. */
static dm_status refuse_address(dm_error *error, const char *what, const char *url, const char *reason)
{
    const size_t shown = strcspn(url, "?#");
    if (strchr(url, '@') != NULL)
        return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s: %s", what, reason);
    return error_set(error, DM_ERR_INVALID_ARGUMENT, "%s is \"%.*s%s\": %s", what,
                     shown < INT_MAX ? (int)shown : INT_MAX, url, url[shown] != '\0' ? "..." : "", reason);
}

static dm_status resolve_url(const dm_client_options *given, struct settings *settings, dm_error *error)
{
    const char *chosen = choose(given->api_url, "DEEPOMATIC_API_URL");
    const char *url = chosen != NULL ? chosen : default_url;
    const char *what = given->api_url != NULL ? address_by_option : address_by_environment;
    const char *reason = NULL;
    struct text path;

    dm_status status = check_header_text(error, what, url);
    if (status != DM_OK)
        return status;
    text_init(&path, TEXT_NO_LIMIT);
    if (!url_split_base(url, &settings->origin, &path, &reason))
        status = reason == NULL ? error_no_memory(error) : refuse_address(error, what, url, reason);
    else if (ends_with_version(&path))
        status = refuse_address(error, what, url, "it must be without the " API_VERSION);
    if (status == DM_OK) {
        text_append_string(&settings->base, settings->origin.data);
        text_append(&settings->base, path.data, path.length);
        text_append_string(&settings->base, API_VERSION);
        status = error_of_text(error, settings->base.status);
    }
    text_free(&path);
    return status;
}

/* ---- The rest ---- */

/* Copies an option that is text, if it is given. */
static dm_status copy_text(char **to, const char *what, const char *value, dm_error *error)
{
    if (value == NULL)
        return DM_OK;
    dm_status status = DM_OK;
    if (*value != '\0')
        status = check_header_text(error, what, value);
    if (status == DM_OK && (*to = strdup(value)) == NULL)
        status = error_no_memory(error);
    return status;
}

/* Said before anything is sent, and without the address, which may hold a password. */
static dm_status copy_proxy(const dm_client_options *given, struct settings *settings, dm_error *error)
{
    const char *reason = NULL;
    const dm_status status = copy_text(&settings->proxy, "options.proxy", given->proxy, error);
    if (status != DM_OK || given->proxy == NULL || *given->proxy == '\0' || url_check_proxy(given->proxy, &reason))
        return status;
    return reason == NULL ? error_no_memory(error)
                          : error_set(error, DM_ERR_INVALID_ARGUMENT, "options.proxy: %s", reason);
}

static dm_status copy_texts(const dm_client_options *given, struct settings *settings, dm_error *error)
{
    const char *user_agent = given->user_agent != NULL ? given->user_agent : defaults.user_agent;
    dm_status status = copy_text(&settings->user_agent, "options.user_agent", user_agent, error);
    if (status == DM_OK)
        status = copy_proxy(given, settings, error);
    if (status == DM_OK)
        status = copy_text(&settings->no_proxy, "options.no_proxy", given->no_proxy, error);
    return status;
}

/* libcurl would say that it is not there at the first call, and not why. */
static dm_status copy_path(char **to, const char *what, const char *path, dm_error *error)
{
    const dm_status status = copy_text(to, what, path, error);
    return status == DM_OK && path != NULL ? file_check(error, what, path) : status;
}

static dm_status copy_paths(const dm_client_options *given, struct settings *settings, dm_error *error)
{
    dm_status status = copy_path(&settings->ca_file, "options.ca_file", given->ca_file, error);
    if (status == DM_OK)
        status =
            copy_path(&settings->client_certificate, "options.client_certificate", given->client_certificate, error);
    if (status == DM_OK)
        status = copy_path(&settings->client_key, "options.client_key", given->client_key, error);
    if (status == DM_OK && settings->client_key != NULL && settings->client_certificate == NULL)
        status = error_set(error, DM_ERR_INVALID_ARGUMENT,
                           "options.client_key is of no use without options.client_certificate");
    return status;
}

static dm_status check_numbers(const dm_client_options *given, dm_error *error)
{
    const struct {
        const char *what;
        int64_t value;
    } numbers[] = {
        {"options.connect_timeout_ms", given->connect_timeout_ms},
        {"options.stall_timeout_ms", given->stall_timeout_ms},
        {"options.max_attempts", given->max_attempts},
        {"options.retry_delay_ms", given->retry_delay_ms},
        {"options.max_retry_delay_ms", given->max_retry_delay_ms},
        {"options.poll_delay_ms", given->poll_delay_ms},
        {"options.max_poll_delay_ms", given->max_poll_delay_ms},
    };
    dm_status status = DM_OK;
    for (size_t i = 0; status == DM_OK && i < sizeof numbers / sizeof numbers[0]; i++)
        status = check_small(error, numbers[i].what, numbers[i].value);
    return status;
}

static void choose_numbers(const dm_client_options *given, struct settings *settings)
{
    settings->timeout_ms = choose_number(given->timeout_ms, defaults.timeout_ms);
    settings->wait_all_timeout_ms = choose_number(given->wait_all_timeout_ms, defaults.wait_all_timeout_ms);
    settings->connect_timeout_ms = choose_number(given->connect_timeout_ms, defaults.connect_timeout_ms);
    settings->stall_timeout_ms = choose_number(given->stall_timeout_ms, defaults.stall_timeout_ms);
    settings->retry.max_attempts = given->max_attempts != 0 ? given->max_attempts : defaults.max_attempts;
    settings->retry.delay_ms = choose_number(given->retry_delay_ms, defaults.retry_delay_ms);
    settings->retry.max_delay_ms = choose_number(given->max_retry_delay_ms, defaults.max_retry_delay_ms);
    settings->poll_delay_ms = choose_number(given->poll_delay_ms, defaults.poll_delay_ms);
    settings->max_poll_delay_ms = choose_number(given->max_poll_delay_ms, defaults.max_poll_delay_ms);
    settings->max_response_bytes =
        given->max_response_bytes != 0 ? given->max_response_bytes : defaults.max_response_bytes;
    if (settings->max_response_bytes > TEXT_NO_LIMIT)
        settings->max_response_bytes = TEXT_NO_LIMIT;
}

/* As the official client reads it: "1" verifies, anything else does not, and verifying is the default. */
static bool environment_skips_verify(void)
{
    const char *verify = getenv("DEEPOMATIC_API_VERIFY_TLS");
    return verify != NULL && strcmp(verify, "1") != 0;
}

/* Random, so that no image holds it. */
static dm_status choose_boundary(struct settings *settings, dm_error *error)
{
    unsigned char bytes[(sizeof settings->boundary - 1) / 2];
    if (!random_bytes(bytes, sizeof bytes))
        return error_set(error, DM_ERR_SYSTEM, "the system has no random bytes to give");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(settings->boundary + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    return DM_OK;
}

dm_status options_resolve(const dm_client_options *options, struct settings *settings, dm_error *error)
{
    static const dm_client_options none = {0};
    const dm_client_options *given = options != NULL ? options : &none;

    text_init(&settings->origin, TEXT_NO_LIMIT);
    text_init(&settings->base, TEXT_NO_LIMIT);
    choose_numbers(given, settings);
    settings->skip_verify = given->insecure_skip_verify || environment_skips_verify();
    settings->submit_once = given->submit_once;
    settings->log = given->log;
    settings->log_data = given->log_data;

    dm_status status = check_numbers(given, error);
    if (status == DM_OK)
        status = choose_boundary(settings, error);
    if (status == DM_OK)
        status = resolve_url(given, settings, error);
    if (status == DM_OK)
        status = copy_texts(given, settings, error);
    if (status == DM_OK)
        status = copy_paths(given, settings, error);
    if (status == DM_OK)
        status = resolve_credentials(given, settings, error);
    if (status != DM_OK)
        error_redact(error, choose(given->api_key, "DEEPOMATIC_API_KEY"));
    return status;
}

static void free_headers(struct curl_slist *list)
{
    for (struct curl_slist *line = list; line != NULL; line = line->next)
        secret_wipe(line->data, strlen(line->data));
    curl_slist_free_all(list);
}

void options_free(struct settings *settings)
{
    for (int media = 0; media < MEDIA_COUNT; media++)
        free_headers(settings->headers[media]);
    secret_free(settings->secret);
    secret_free(settings->proxy); /* may hold a password */
    free(settings->user_agent);
    free(settings->no_proxy);
    free(settings->ca_file);
    free(settings->client_certificate);
    free(settings->client_key);
    text_free(&settings->origin);
    text_free(&settings->base);
}

#include "client/options.h"

#include "base/check.h"
#include "base/failure.h"
#include "base/file.h"
#include "base/secret.h"
#include "base/system.h"
#include "base/url.h"
#include "transport/curl_versions.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_url[] = "https://api.deepomatic.com";
#define API_VERSION "/v0.7"

/* Returns the option, or the environment variable's value, or NULL. An empty variable counts as unset. */
static const char *choose(const char *option, const char *variable)
{
    if (option != NULL)
        return option;
    const char *value = getenv(variable);
    return value != NULL && *value != '\0' ? value : NULL;
}

/* 0 stands for the default. */
static int64_t choose_number(int64_t option, int64_t by_default)
{
    return option != 0 ? option : by_default;
}

static int64_t choose_small(struct failure *failure, const char *what, int64_t option, int64_t by_default)
{
    check_small(failure, what, option);
    return choose_number(option, by_default);
}

/* ---- Headers of all requests ---- */

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

/* Makes the headers of a request with this content type; NULL: without body. An Expect header without a value is not
 * sent. Without it, libcurl would ask before it sends more than 1 MB, and might wait a second for an answer. */
static dm_status make_headers(const char *secret, const char *app_id, const char *content_type, bool ask_first,
                              struct curl_slist **list)
{
    const char *expect = ask_first ? "100-continue" : "";
    const struct {
        const char *name;
        const char *value; /* NULL: the header is left out */
    } headers[] = {{"X-API-KEY", secret},          {"X-APP-ID", app_id},
                   {"Accept", "application/json"}, {"Accept-Encoding", "gzip, deflate"},
                   {"Content-Type", content_type}, {"Expect", content_type != NULL ? expect : NULL}};
    dm_status status = DM_OK;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0] && status == DM_OK; i++)
        if (headers[i].value != NULL)
            status = add_header(list, headers[i].name, headers[i].value);
    return status;
}

static dm_status add_headers(struct client_settings *settings, const char *app_id)
{
    struct transport_settings *transport = &settings->transport;
    char multipart[64];
    const char *const content_types[MEDIA_COUNT] = {
        [MEDIA_NONE] = NULL, [MEDIA_JSON] = "application/json", [MEDIA_MULTIPART] = multipart};
    dm_status status = DM_OK;
    snprintf(multipart, sizeof multipart, "multipart/form-data; boundary=%s", settings->boundary);
    for (int media = 0; media < MEDIA_COUNT; media++)
        for (int ask_first = 0; ask_first < 2 && status == DM_OK; ask_first++)
            status = make_headers(transport->secret, app_id, content_types[media], ask_first != 0,
                                  &transport->headers[media][ask_first]);
    return status;
}

static bool check_credentials(const char *key, const char *app_id, struct failure *failure)
{
    if (key == NULL || *key == '\0')
        return failure_set(failure, DM_ERR_CREDENTIALS,
                           "missing API key: set options.api_key or the environment variable DEEPOMATIC_API_KEY");
    if (!check_header_text(failure, "the API key", key))
        return false;
    if (*key == ' ' || key[strlen(key) - 1] == ' ')
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "the API key begins or ends with a space");
    return app_id == NULL || check_header_text(failure, "the app id", app_id);
}

static void resolve_credentials(const dm_client_options *options, struct client_settings *settings,
                                struct failure *failure)
{
    const char *key = choose(options->api_key, "DEEPOMATIC_API_KEY");
    const char *app_id = choose(options->app_id, "DEEPOMATIC_APP_ID");

    if (failure->status != DM_OK || !check_credentials(key, app_id, failure))
        return;
    settings->transport.secret = strdup(key);
    if (settings->transport.secret == NULL || add_headers(settings, app_id) != DM_OK)
        failure_no_memory(failure);
}

/* ---- The API's base address ---- */

static bool ends_with_version(const struct text *path)
{
    const size_t length = strlen(API_VERSION);
    return path->length >= length && strcmp(path->data + path->length - length, API_VERSION) == 0;
}

static const char address_by_option[] = "the API's address (options.api_url)";
static const char address_by_environment[] = "the API's address (the environment's DEEPOMATIC_API_URL)";

/* An address with '@' may contain a password and is not shown. A query is not shown either, because it may be
 * private. */
static bool refuse_address(struct failure *failure, const char *what, const char *url, const char *reason)
{
    const size_t shown = strcspn(url, "?#");
    if (strchr(url, '@') != NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s: %s", what, reason);
    return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "%s is \"%.*s%s\": %s", what,
                       shown < INT_MAX ? (int)shown : INT_MAX, url, url[shown] != '\0' ? "..." : "", reason);
}

static bool split_url(struct failure *failure, const char *what, const char *url, struct text *origin,
                      struct text *path)
{
    const char *reason = url_split_base(url, origin, path);
    if (reason != NULL)
        return refuse_address(failure, what, url, reason);
    if (origin->status != DM_OK || path->status != DM_OK)
        return failure_no_memory(failure);
    return !ends_with_version(path) || refuse_address(failure, what, url, "it must be without the " API_VERSION);
}

static void check_tls_is_built_in(const struct text *origin, struct failure *failure)
{
    if (strncmp(origin->data, "https:", strlen("https:")) == 0 && !curl_versions_has_tls())
        failure_set(failure, DM_ERR_SYSTEM, "the API's address is %s, but libcurl is built without TLS", origin->data);
}

static void resolve_url(const dm_client_options *options, struct transport_settings *settings, struct failure *failure)
{
    const char *chosen = choose(options->api_url, "DEEPOMATIC_API_URL");
    const char *url = chosen != NULL ? chosen : default_url;
    const char *what = options->api_url != NULL ? address_by_option : address_by_environment;
    struct text path;

    text_init(&path, TEXT_NO_LIMIT);
    if (check_header_text(failure, what, url) && split_url(failure, what, url, &settings->origin, &path)) {
        text_append_string(&settings->base, settings->origin.data);
        text_append(&settings->base, path.data, path.length);
        text_append_string(&settings->base, API_VERSION);
        failure_check_written(failure, settings->base.status);
        check_tls_is_built_in(&settings->origin, failure);
    }
    text_free(&path);
}

/* ---- Other options ---- */

/* Copies a text option if it is set. */
static bool copy_text(char **copy, const char *what, const char *value, struct failure *failure)
{
    if (value == NULL)
        return true;
    if (*value != '\0' && !check_header_text(failure, what, value))
        return false;
    *copy = strdup(value);
    return *copy != NULL || failure_no_memory(failure);
}

static bool check_proxies_are_built_in(struct failure *failure)
{
    const CURLcode code = curl_versions_try_proxy();
    if (code == CURLE_OUT_OF_MEMORY)
        return failure_no_memory(failure);
    return code == CURLE_OK ||
           failure_set(failure, DM_ERR_SYSTEM, "options.proxy: libcurl is built without proxy support");
}

/* Checks the proxy now, before anything is sent. The message leaves out the address, which may contain a password. */
static bool copy_proxy(const dm_client_options *options, struct transport_settings *settings, struct failure *failure)
{
    if (!copy_text(&settings->proxy, "options.proxy", options->proxy, failure))
        return false;
    if (options->proxy == NULL || *options->proxy == '\0')
        return true;
    const char *reason = url_check_proxy(options->proxy);
    if (reason != NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "options.proxy: %s", reason);
    return check_proxies_are_built_in(failure);
}

static void copy_texts(const dm_client_options *options, struct transport_settings *settings, struct failure *failure)
{
    const char *user_agent = options->user_agent != NULL ? options->user_agent : "libdeepomatic/" DM_VERSION;
    copy_text(&settings->user_agent, "options.user_agent", user_agent, failure);
    copy_proxy(options, settings, failure);
    copy_text(&settings->no_proxy, "options.no_proxy", options->no_proxy, failure);
}

/* A lack of descriptors or memory is not the fault of the file. */
static dm_status status_of_probe(enum file_fault fault, int number)
{
    if (fault != FILE_SYSTEM_ERROR)
        return DM_ERR_INVALID_ARGUMENT;
    if (number == EMFILE || number == ENFILE)
        return DM_ERR_SYSTEM;
    return number == ENOMEM ? DM_ERR_NO_MEMORY : DM_ERR_INVALID_ARGUMENT;
}

/* Checks the file now. libcurl would report a missing file only at the first call, and without the reason. */
static void copy_path(char **copy, const char *what, const char *path, struct failure *failure)
{
    if (path == NULL || !copy_text(copy, what, path, failure))
        return;
    const enum file_fault fault = file_probe(path);
    const int number = errno;
    if (fault != FILE_FINE)
        failure_set(failure, status_of_probe(fault, number), "%s: \"%s\": %s", what, path,
                    file_fault_text(fault, number));
}

static void copy_paths(const dm_client_options *options, struct transport_settings *settings, struct failure *failure)
{
    copy_path(&settings->ca_file, "options.ca_file", options->ca_file, failure);
    copy_path(&settings->client_certificate, "options.client_certificate", options->client_certificate, failure);
    copy_path(&settings->client_key, "options.client_key", options->client_key, failure);
    if (settings->client_key != NULL && settings->client_certificate == NULL)
        failure_set(failure, DM_ERR_INVALID_ARGUMENT, "options.client_key needs options.client_certificate");
}

static void choose_transport_numbers(const dm_client_options *given, struct transport_settings *settings,
                                     struct failure *failure)
{
    struct retry_policy *retry = &settings->retry;
    settings->connect_timeout_ms = choose_small(failure, "options.connect_timeout_ms", given->connect_timeout_ms, 5000);
    settings->stall_timeout_ms = choose_small(failure, "options.stall_timeout_ms", given->stall_timeout_ms, 10000);
    retry->max_attempts = (int)choose_small(failure, "options.max_attempts", given->max_attempts, 5);
    retry->delay_ms = choose_small(failure, "options.retry_delay_ms", given->retry_delay_ms, 500);
    retry->max_delay_ms = choose_small(failure, "options.max_retry_delay_ms", given->max_retry_delay_ms, 8000);
    settings->max_response_bytes = given->max_response_bytes != 0 ? given->max_response_bytes : 67108864;
    if (settings->max_response_bytes > TEXT_NO_LIMIT)
        settings->max_response_bytes = TEXT_NO_LIMIT;
}

static void choose_numbers(const dm_client_options *given, struct client_settings *settings, struct failure *failure)
{
    choose_transport_numbers(given, &settings->transport, failure);
    settings->timeout_ms = choose_number(given->timeout_ms, 60000);
    settings->wait_all_timeout_ms = choose_number(given->wait_all_timeout_ms, 300000);
    settings->poll_bounds.min_ms = choose_small(failure, "options.poll_delay_ms", given->poll_delay_ms, 2);
    settings->poll_bounds.max_ms = choose_small(failure, "options.max_poll_delay_ms", given->max_poll_delay_ms, 2000);
    settings->submit_once = given->submit_once;
}

/* As in the official client: "1" switches verification on, any other value switches it off. The default is on. */
static bool environment_skips_verify(void)
{
    const char *verify = getenv("DEEPOMATIC_API_VERIFY_TLS");
    return verify != NULL && strcmp(verify, "1") != 0;
}

const char *options_unverified_reason(const dm_client_options *options)
{
    return options != NULL && options->insecure_skip_verify
               ? "options.insecure_skip_verify is set"
               : "the environment's DEEPOMATIC_API_VERIFY_TLS is not \"1\"";
}

/* Random, so that it does not occur in an image. */
static void choose_boundary(struct client_settings *settings, struct failure *failure)
{
    unsigned char bytes[(sizeof settings->boundary - 1) / 2];
    if (!system_random(bytes, sizeof bytes)) {
        failure_set(failure, DM_ERR_SYSTEM, "the operating system provides no random bytes");
        return;
    }
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(settings->boundary + 2 * i, 3, "%02x", (unsigned)bytes[i]);
}

void options_resolve(const dm_client_options *options, struct client_settings *settings, struct failure *failure)
{
    static const dm_client_options none = {0};
    const dm_client_options *given = options != NULL ? options : &none;
    struct transport_settings *transport = &settings->transport;

    failure->secret = choose(given->api_key, "DEEPOMATIC_API_KEY");
    text_init(&transport->origin, TEXT_NO_LIMIT);
    text_init(&transport->base, TEXT_NO_LIMIT);
    transport->skip_verify = given->insecure_skip_verify || environment_skips_verify();
    transport->log = given->log;
    transport->log_data = given->log_data;
    choose_numbers(given, settings, failure);
    choose_boundary(settings, failure);
    resolve_url(given, transport, failure);
    copy_texts(given, transport, failure);
    copy_paths(given, transport, failure);
    resolve_credentials(given, settings, failure);
}

static void free_headers(struct curl_slist *list)
{
    for (struct curl_slist *line = list; line != NULL; line = line->next)
        secret_wipe(line->data, strlen(line->data));
    curl_slist_free_all(list);
}

void options_free(struct client_settings *settings)
{
    struct transport_settings *transport = &settings->transport;
    for (int media = 0; media < MEDIA_COUNT; media++) {
        free_headers(transport->headers[media][false]);
        free_headers(transport->headers[media][true]);
    }
    secret_free(transport->secret);
    secret_free(transport->proxy); /* may hold a password */
    free(transport->user_agent);
    free(transport->no_proxy);
    free(transport->ca_file);
    free(transport->client_certificate);
    free(transport->client_key);
    text_free(&transport->origin);
    text_free(&transport->base);
}

/* Options that are accepted, the defaults, and the environment. */
#include "client/options.h"

#include "assert_status.h"
#include "libcurl.h"
#include "options_test.h"
#include "test.h"

#include <curl/curl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Resolves valid options. */
static struct client_settings resolve(const dm_client_options *options)
{
    struct client_settings made = {0};
    struct failure failure;
    failure_init(&failure, &error);
    options_resolve(options, &made, &failure);
    assert_status(failure.status, DM_OK, &error);
    return made;
}

static bool has_header(const struct client_settings *settings, enum request_media media, const char *line)
{
    for (const struct curl_slist *at = settings->transport.headers[media][false]; at != NULL; at = at->next)
        if (strcmp(at->data, line) == 0)
            return true;
    return false;
}

/* The two lists of headers are the same, except for "Expect". */
static bool differ_only_in_expect(const struct client_settings *settings, enum request_media media)
{
    const struct curl_slist *usual = settings->transport.headers[media][false];
    const struct curl_slist *asking = settings->transport.headers[media][true];
    for (; usual != NULL && asking != NULL; usual = usual->next, asking = asking->next) {
        const bool is_expect =
            strcmp(usual->data, "Expect: ") == 0 && strcmp(asking->data, "Expect: 100-continue") == 0;
        if (!is_expect && strcmp(usual->data, asking->data) != 0)
            return false;
    }
    return usual == NULL && asking == NULL;
}

static bool has_header_named(const struct client_settings *settings, enum request_media media, const char *name)
{
    for (const struct curl_slist *at = settings->transport.headers[media][false]; at != NULL; at = at->next)
        if (strncmp(at->data, name, strlen(name)) == 0)
            return true;
    return false;
}

/* ---- Defaults ---- */

static void the_defaults_are_those_of_the_headers_table(void **state)
{
    const dm_client_options options = {.api_key = "key"};
    (void)state;
    libcurl_needs_tls();

    struct client_settings settings = resolve(&options);
    assert_string_equal(settings.transport.origin.data, "https://api.deepomatic.com");
    assert_string_equal(settings.transport.base.data, "https://api.deepomatic.com/v0.7");
    assert_string_equal(settings.transport.user_agent, "libdeepomatic/" DM_VERSION);
    assert_int_equal(settings.timeout_ms, 60000);
    assert_int_equal(settings.wait_all_timeout_ms, 300000);
    assert_int_equal(settings.transport.connect_timeout_ms, 5000);
    assert_int_equal(settings.transport.stall_timeout_ms, 10000);
    assert_int_equal(settings.transport.retry.max_attempts, 5);
    assert_int_equal(settings.transport.retry.delay_ms, 500);
    assert_int_equal(settings.transport.retry.max_delay_ms, 8000);
    assert_int_equal(settings.poll_bounds.min_ms, 2);
    assert_int_equal(settings.poll_bounds.max_ms, 2000);
    assert_int_equal(settings.transport.max_response_bytes, 67108864);
    assert_null(settings.transport.proxy);
    assert_null(settings.transport.no_proxy);
    assert_null(settings.transport.ca_file);
    assert_null(settings.transport.client_certificate);
    assert_null(settings.transport.client_key);
    assert_false(settings.transport.skip_verify);
    assert_false(settings.submit_once);
    assert_null(settings.transport.log);
    options_free(&settings);
}

static void ignore_line(dm_log_level level, const char *line, void *data)
{
    (void)level;
    (void)line;
    (void)data;
}

static void given_options_are_used(void **state)
{
    const dm_client_options options = {.api_key = "key",
                                       .api_url = "http://host:8080",
                                       .user_agent = "me/1",
                                       .timeout_ms = -1,
                                       .wait_all_timeout_ms = -7,
                                       .connect_timeout_ms = 1,
                                       .stall_timeout_ms = 2,
                                       .max_attempts = 3,
                                       .submit_once = true,
                                       .retry_delay_ms = 4,
                                       .max_retry_delay_ms = 5,
                                       .poll_delay_ms = 6,
                                       .max_poll_delay_ms = INT_MAX,
                                       .max_response_bytes = 8,
                                       .proxy = "",
                                       .no_proxy = "a,b",
                                       .ca_file = "/dev/null",
                                       .client_certificate = "/dev/zero",
                                       .client_key = "/dev/full",
                                       .insecure_skip_verify = true,
                                       .log = ignore_line,
                                       .log_data = &error};
    struct client_settings settings = resolve(&options);
    (void)state;

    assert_string_equal(settings.transport.user_agent, "me/1");
    assert_int_equal(settings.timeout_ms, -1);
    assert_int_equal(settings.wait_all_timeout_ms, -7);
    assert_int_equal(settings.transport.connect_timeout_ms, 1);
    assert_int_equal(settings.transport.stall_timeout_ms, 2);
    assert_int_equal(settings.transport.retry.max_attempts, 3);
    assert_int_equal(settings.transport.retry.delay_ms, 4);
    assert_int_equal(settings.transport.retry.max_delay_ms, 5);
    assert_int_equal(settings.poll_bounds.min_ms, 6);
    assert_int_equal(settings.poll_bounds.max_ms, INT_MAX);
    assert_int_equal(settings.transport.max_response_bytes, 8);
    assert_string_equal(settings.transport.proxy, "");
    assert_string_equal(settings.transport.no_proxy, "a,b");
    assert_string_equal(settings.transport.ca_file, "/dev/null");
    assert_string_equal(settings.transport.client_certificate, "/dev/zero");
    assert_string_equal(settings.transport.client_key, "/dev/full");
    assert_true(settings.transport.skip_verify);
    assert_true(settings.submit_once);
    assert_true(settings.transport.log == ignore_line);
    assert_ptr_equal(settings.transport.log_data, &error);
    options_free(&settings);
}

static void strings_are_copied(void **state)
{
    char key[] = "key";
    char proxy[] = "http://proxy";
    const dm_client_options options = {.api_key = key, .proxy = proxy};
    (void)state;
    libcurl_needs_tls();
    libcurl_needs_proxies();

    struct client_settings settings = resolve(&options);
    key[0] = proxy[0] = '!';
    assert_string_equal(settings.transport.secret, "key");
    assert_string_equal(settings.transport.proxy, "http://proxy");
    options_free(&settings);
}

static void an_unlimited_reply_is_capped_at_what_text_can_hold(void **state)
{
    const dm_client_options options = {.api_key = "key", .max_response_bytes = SIZE_MAX};
    (void)state;
    libcurl_needs_tls();

    struct client_settings settings = resolve(&options);
    assert_true(settings.transport.max_response_bytes == TEXT_NO_LIMIT);
    options_free(&settings);
}

/* ---- The environment ---- */

static void the_environment_fills_what_is_not_set(void **state)
{
    const dm_client_options options = {.api_key = "option", .app_id = "option-app", .api_url = "http://option"};
    (void)state;

    setenv("DEEPOMATIC_API_KEY", "environment", 1);
    setenv("DEEPOMATIC_APP_ID", "environment-app", 1);
    setenv("DEEPOMATIC_API_URL", "http://environment/", 1);
    struct client_settings settings = resolve(NULL);
    assert_string_equal(settings.transport.secret, "environment");
    assert_string_equal(settings.transport.base.data, "http://environment/v0.7");
    assert_true(has_header(&settings, MEDIA_NONE, "X-APP-ID: environment-app"));
    options_free(&settings);

    settings = resolve(&options);
    assert_string_equal(settings.transport.secret, "option");
    assert_string_equal(settings.transport.base.data, "http://option/v0.7");
    assert_true(has_header(&settings, MEDIA_NONE, "X-APP-ID: option-app"));
    options_free(&settings);
}

static void an_empty_variable_counts_as_unset(void **state)
{
    const dm_client_options options = {.api_key = "key"};
    (void)state;
    libcurl_needs_tls();

    for (size_t i = 0; i < 3; i++)
        setenv(variables[i], "", 1);
    struct client_settings settings = resolve(&options);
    assert_string_equal(settings.transport.origin.data, "https://api.deepomatic.com");
    assert_false(has_header_named(&settings, MEDIA_NONE, "X-APP-ID"));
    options_free(&settings);
    expect_refused(NULL, DM_ERR_CREDENTIALS, "missing API key");
}

static void certificates_are_verified_unless_an_option_or_the_environment_says_no(void **state)
{
    static const struct {
        const char *variable;
        bool option;
        bool skip;
    } cases[] = {{NULL, false, false}, {"1", false, false}, {"0", false, true}, {"false", false, true},
                 {"2", false, true},   {NULL, true, true},  {"1", true, true}};
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dm_client_options options = {.api_key = "key", .insecure_skip_verify = cases[i].option};
        clear_environment(NULL);
        if (cases[i].variable != NULL)
            setenv("DEEPOMATIC_API_VERIFY_TLS", cases[i].variable, 1);
        struct client_settings settings = resolve(&options);
        assert_int_equal(settings.transport.skip_verify, cases[i].skip);
        options_free(&settings);
    }
}

static void a_warning_can_name_what_switched_the_verification_off(void **state)
{
    const dm_client_options by_option = {.insecure_skip_verify = true};
    const dm_client_options by_environment = {.api_key = "key"};
    (void)state;
    assert_string_equal(options_unverified_reason(&by_option), "options.insecure_skip_verify is set");
    assert_non_null(strstr(options_unverified_reason(&by_environment), "DEEPOMATIC_API_VERIFY_TLS"));
    assert_non_null(strstr(options_unverified_reason(NULL), "DEEPOMATIC_API_VERIFY_TLS"));
}

/* ---- Credentials ---- */

static void every_request_has_the_key_and_accepts_json(void **state)
{
    const dm_client_options options = {.api_key = "the key", .app_id = "app"};
    (void)state;
    libcurl_needs_tls();

    struct client_settings settings = resolve(&options);
    for (enum request_media media = MEDIA_NONE; media < MEDIA_COUNT; media++) {
        assert_true(has_header(&settings, media, "X-API-KEY: the key"));
        assert_true(has_header(&settings, media, "X-APP-ID: app"));
        assert_true(has_header(&settings, media, "Accept: application/json"));
        assert_true(differ_only_in_expect(&settings, media));
    }
    assert_false(has_header_named(&settings, MEDIA_NONE, "Content-Type"));
    assert_true(has_header(&settings, MEDIA_JSON, "Content-Type: application/json"));
    assert_true(has_header_named(&settings, MEDIA_MULTIPART, "Content-Type: multipart/form-data; boundary="));
    assert_true(has_header(&settings, MEDIA_JSON, "Expect: "));
    assert_true(has_header(&settings, MEDIA_MULTIPART, "Expect: "));
    options_free(&settings);
}

/* ---- The address ---- */

static void the_api_version_follows_the_address_and_its_prefix(void **state)
{
    static const struct {
        const char *url;
        const char *origin;
        const char *base;
    } cases[] = {
        {"http://host", "http://host", "http://host/v0.7"},
        {"https://host/", "https://host", "https://host/v0.7"},
        {"http://host:81/a/b//", "http://host:81", "http://host:81/a/b/v0.7"},
        {"http://[::1]:81", "http://[::1]:81", "http://[::1]:81/v0.7"},
        {"http://host/v0.7x", "http://host", "http://host/v0.7x/v0.7"},
        {"HTTPS://host", "https://host", "https://host/v0.7"},
    };
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dm_client_options options = {.api_key = "key", .api_url = cases[i].url};
        struct client_settings settings = resolve(&options);
        assert_string_equal(settings.transport.origin.data, cases[i].origin);
        assert_string_equal(settings.transport.base.data, cases[i].base);
        options_free(&settings);
    }
}

/* ---- The boundary ---- */

static void each_client_has_a_boundary_of_its_own(void **state)
{
    const dm_client_options options = {.api_key = "key"};
    (void)state;
    libcurl_needs_tls();

    struct client_settings one = resolve(&options);
    struct client_settings other = resolve(&options);
    assert_int_equal(strlen(one.boundary), 32);
    assert_int_equal(strspn(one.boundary, "0123456789abcdef"), 32);
    assert_string_not_equal(one.boundary, other.boundary);
    options_free(&one);
    options_free(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_defaults_are_those_of_the_headers_table, clear_environment),
        cmocka_unit_test_setup(given_options_are_used, clear_environment),
        cmocka_unit_test_setup(strings_are_copied, clear_environment),
        cmocka_unit_test_setup(an_unlimited_reply_is_capped_at_what_text_can_hold, clear_environment),
        cmocka_unit_test_setup(the_environment_fills_what_is_not_set, clear_environment),
        cmocka_unit_test_setup(an_empty_variable_counts_as_unset, clear_environment),
        cmocka_unit_test_setup(certificates_are_verified_unless_an_option_or_the_environment_says_no,
                               clear_environment),
        cmocka_unit_test_setup(a_warning_can_name_what_switched_the_verification_off, clear_environment),
        cmocka_unit_test_setup(every_request_has_the_key_and_accepts_json, clear_environment),
        cmocka_unit_test_setup(the_api_version_follows_the_address_and_its_prefix, clear_environment),
        cmocka_unit_test_setup(each_client_has_a_boundary_of_its_own, clear_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

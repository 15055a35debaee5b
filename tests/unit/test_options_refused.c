/* Invalid options: the status and the message. */
#include "client/options.h"

#include "assert_status.h"
#include "libcurl.h"
#include "options_test.h"
#include "test.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* ---- Credentials ---- */

static void a_missing_key_is_refused(void **state)
{
    const dm_client_options empty = {.api_key = ""};
    (void)state;
    libcurl_needs_tls();
    expect_refused(NULL, DM_ERR_CREDENTIALS, "DEEPOMATIC_API_KEY");
    expect_refused(&empty, DM_ERR_CREDENTIALS, "DEEPOMATIC_API_KEY");
}

/* libcurl does not send a header without a value. */
static void a_key_of_spaces_is_refused(void **state)
{
    const dm_client_options options = {.api_key = "   "};
    (void)state;
    libcurl_needs_tls();
    expect_refused(&options, DM_ERR_INVALID_ARGUMENT, "the API key begins or ends with a space");
}

static void text_that_would_break_a_header_is_refused(void **state)
{
    static const char *const bad[] = {"a\r\nX-Evil: 1", "a\n", "\ra", "a\tb", "a\x7f", "a\x01", "\xff", "\xc3"};
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const dm_client_options key = {.api_key = bad[i]};
        const dm_client_options app = {.api_key = "sesame", .app_id = bad[i]};
        const dm_client_options agent = {.api_key = "sesame", .user_agent = bad[i]};
        const dm_client_options proxy = {.api_key = "sesame", .proxy = bad[i]};
        const dm_client_options no_proxy = {.api_key = "sesame", .no_proxy = bad[i]};
        const dm_client_options ca_file = {.api_key = "sesame", .ca_file = bad[i]};
        const dm_client_options certificate = {.api_key = "sesame", .client_certificate = bad[i]};
        const dm_client_options client_key = {.api_key = "sesame", .client_key = bad[i]};
        const dm_client_options url = {.api_key = "sesame", .api_url = bad[i]};

        expect_refused(&key, DM_ERR_INVALID_ARGUMENT, "the API key");
        assert_null(strstr(error.message, "Evil"));
        expect_refused(&app, DM_ERR_INVALID_ARGUMENT, "the app id");
        expect_refused(&agent, DM_ERR_INVALID_ARGUMENT, "options.user_agent");
        expect_refused(&proxy, DM_ERR_INVALID_ARGUMENT, "options.proxy");
        expect_refused(&no_proxy, DM_ERR_INVALID_ARGUMENT, "options.no_proxy");
        expect_refused(&ca_file, DM_ERR_INVALID_ARGUMENT, "options.ca_file");
        expect_refused(&certificate, DM_ERR_INVALID_ARGUMENT, "options.client_certificate");
        expect_refused(&client_key, DM_ERR_INVALID_ARGUMENT, "options.client_key");
        expect_refused(&url, DM_ERR_INVALID_ARGUMENT, "the API's address");
    }
}

static void a_proxy_of_another_scheme_is_refused_and_its_password_not_shown(void **state)
{
    static const char *const proxies[] = {"foo://joe:s3cret@127.0.0.1:1", "http://joe:s3cret@a b:1"};
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < sizeof proxies / sizeof proxies[0]; i++) {
        const dm_client_options options = {.api_key = "key", .proxy = proxies[i]};
        expect_refused(&options, DM_ERR_INVALID_ARGUMENT, "options.proxy: it");
        assert_null(strstr(error.message, "s3cret"));
    }
}

static void an_empty_app_id_is_refused(void **state)
{
    const dm_client_options options = {.api_key = "key", .app_id = ""};
    (void)state;
    libcurl_needs_tls();
    expect_refused(&options, DM_ERR_INVALID_ARGUMENT, "the app id is empty");
}

/* ---- The address ---- */

static void a_refused_address_is_shown_with_its_source(void **state)
{
    const dm_client_options by_option = {.api_key = "key", .api_url = "host/x"};
    const dm_client_options by_environment = {.api_key = "key"};
    const dm_client_options with_query = {.api_key = "key-1", .api_url = "http://host/?token=t0ken"};
    const dm_client_options with_key = {.api_key = "key-1", .api_url = "ftp://host/key-1/x"};
    const dm_client_options with_password = {.api_key = "key", .api_url = "http://joe:s3cret@host"};
    (void)state;

    setenv("DEEPOMATIC_API_URL", "ftp://there", 1);
    expect_refused(&by_option, DM_ERR_INVALID_ARGUMENT, "the API's address (options.api_url) is \"host/x\": it begins");
    expect_refused(&by_environment, DM_ERR_INVALID_ARGUMENT,
                   "the API's address (the environment's DEEPOMATIC_API_URL) is \"ftp://there\": it begins");
    expect_refused(&with_password, DM_ERR_INVALID_ARGUMENT, "the API's address (options.api_url): it must not hold");
    assert_null(strstr(error.message, "s3cret"));
    expect_refused(&with_query, DM_ERR_INVALID_ARGUMENT, "is \"http://host/...\": it must not have a query");
    expect_refused(&with_key, DM_ERR_INVALID_ARGUMENT, "is \"ftp://host/*****/x\": it begins");
}

static void an_address_that_cannot_be_the_apis_is_refused(void **state)
{
    static const struct {
        const char *url;
        const char *words;
    } cases[] = {
        {"", "is empty"},
        {"host", "neither with https:// nor"},
        {"ftp://host", "neither with https:// nor"},
        {"file:///etc/passwd", "the API's address"},
        {"http://user@host", "user or a password"},
        {"http://user:password@host", "user or a password"},
        {"http://host/?a=b", "query or a fragment"},
        {"http://host/#a", "query or a fragment"},
        {"http://host/v0.7", "without the /v0.7"},
        {"http://host/prefix/v0.7/", "without the /v0.7"},
        {"http://", "not a valid http://"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const dm_client_options options = {.api_key = "key", .api_url = cases[i].url};
        expect_refused(&options, DM_ERR_INVALID_ARGUMENT, cases[i].words);
    }
}

/* ---- Files ---- */

static void a_file_that_cannot_be_read_is_refused_by_name(void **state)
{
    static const dm_client_options cases[] = {
        {.api_key = "sesame", .ca_file = "/no/such.pem"},
        {.api_key = "sesame", .client_certificate = "/no/such.pem"},
        {.api_key = "sesame", .client_certificate = "/dev/null", .client_key = "/no/such.pem"},
        {.api_key = "sesame", .ca_file = "/"},
        {.api_key = "sesame", .ca_file = ""},
        {.api_key = "sesame", .client_key = "/dev/null"},
    };
    static const char *const words[] = {
        "options.ca_file: \"/no/such.pem\": No such file",
        "options.client_certificate: \"/no/such.pem\": No such file",
        "options.client_key: \"/no/such.pem\": No such file",
        "options.ca_file: \"/\": it is a directory",
        "options.ca_file: \"\": No such file",
        "options.client_key needs options.client_certificate",
    };
    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused(&cases[i], DM_ERR_INVALID_ARGUMENT, words[i]);
}

/* The failure has nothing to do with the file. */
static void without_free_descriptors_a_ca_file_is_a_system_error(void **state)
{
    const dm_client_options options = {.api_key = "key", .ca_file = "/dev/null"};
    struct client_settings made = {0};
    struct failure failure;
    struct rlimit usual;
    (void)state;
    libcurl_needs_tls();

    if (ONLY_PORTABLE) {
        print_message("skipped: random bytes need a descriptor here, before the file does\n");
        skip();
    }
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    const struct rlimit none = {.rlim_cur = 0, .rlim_max = usual.rlim_max};
    failure_init(&failure, &error);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    options_resolve(&options, &made, &failure);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_status(failure.status, DM_ERR_SYSTEM, &error);
    assert_non_null(strstr(error.message, "options.ca_file: \"/dev/null\": "));
    assert_non_null(strstr(error.message, strerror(EMFILE)));
    options_free(&made);
}

static void the_first_of_two_mistakes_is_reported(void **state)
{
    const dm_client_options options = {.api_key = "", .max_attempts = -1, .ca_file = "/no/such.pem"};
    (void)state;
    expect_refused(&options, DM_ERR_INVALID_ARGUMENT, "options.max_attempts is -1");
}

/* ---- Numbers ---- */

static void numbers_out_of_range_are_refused_by_name(void **state)
{
    const struct {
        dm_client_options options;
        const char *name;
    } cases[] = {
        {{.api_key = "k", .connect_timeout_ms = -1}, "options.connect_timeout_ms is -1"},
        {{.api_key = "k", .stall_timeout_ms = -1}, "options.stall_timeout_ms"},
        {{.api_key = "k", .stall_timeout_ms = (int64_t)INT_MAX + 1}, "options.stall_timeout_ms"},
        {{.api_key = "k", .max_attempts = -1}, "options.max_attempts"},
        {{.api_key = "k", .retry_delay_ms = INT64_MIN}, "options.retry_delay_ms"},
        {{.api_key = "k", .max_retry_delay_ms = INT64_MAX}, "options.max_retry_delay_ms"},
        {{.api_key = "k", .poll_delay_ms = -1}, "options.poll_delay_ms"},
        {{.api_key = "k", .max_poll_delay_ms = -1}, "options.max_poll_delay_ms"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused(&cases[i].options, DM_ERR_INVALID_ARGUMENT, cases[i].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_missing_key_is_refused, clear_environment),
        cmocka_unit_test_setup(a_key_of_spaces_is_refused, clear_environment),
        cmocka_unit_test_setup(text_that_would_break_a_header_is_refused, clear_environment),
        cmocka_unit_test_setup(a_proxy_of_another_scheme_is_refused_and_its_password_not_shown, clear_environment),
        cmocka_unit_test_setup(an_empty_app_id_is_refused, clear_environment),
        cmocka_unit_test_setup(a_refused_address_is_shown_with_its_source, clear_environment),
        cmocka_unit_test_setup(a_file_that_cannot_be_read_is_refused_by_name, clear_environment),
        cmocka_unit_test_setup(without_free_descriptors_a_ca_file_is_a_system_error, clear_environment),
        cmocka_unit_test_setup(the_first_of_two_mistakes_is_reported, clear_environment),
        cmocka_unit_test_setup(an_address_that_cannot_be_the_apis_is_refused, clear_environment),
        cmocka_unit_test_setup(numbers_out_of_range_are_refused_by_name, clear_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

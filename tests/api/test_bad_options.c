/* Invalid options and environment variables: dm_client_new fails, and its message names the invalid one. */
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "refusal.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- The client ---- */

static void check_client(const char *what, const dm_client_options *options, dm_status expected,
                         const char *const words[2])
{
    dm_client *client = (dm_client *)(void *)&api;
    dm_error error;
    const dm_status status = dm_client_new(options, &client, &error);

    refusal_check(what, status, expected, &error, words[0], words[1]);
    assert_null(client);
    assert_status(dm_client_new(options, &client, NULL), expected, NULL);
    assert_null(client);
}

static void a_client_without_a_key_is_refused(void **state)
{
    static const char *const words[2] = {"API key", "DEEPOMATIC_API_KEY"};
    const dm_client_options no_key = {.api_url = sandbox_url(api.sandbox)};
    const dm_client_options empty_key = {.api_url = sandbox_url(api.sandbox), .api_key = ""};

    (void)state;
    libcurl_needs_tls();
    check_client("no options", NULL, DM_ERR_CREDENTIALS, words);
    check_client("no key", &no_key, DM_ERR_CREDENTIALS, words);
    check_client("an empty key", &empty_key, DM_ERR_CREDENTIALS, words);
    setenv("DEEPOMATIC_API_KEY", "", 1);
    check_client("an empty variable", &no_key, DM_ERR_CREDENTIALS, words);
}

struct bad_option {
    dm_client_options options;
    const char *words[2];
};

static void check_options(const struct bad_option *bad, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        dm_client_options options = bad[i].options;

        if (options.api_key == NULL)
            options.api_key = "sesame";
        check_client(bad[i].words[0], &options, DM_ERR_INVALID_ARGUMENT, bad[i].words);
    }
}

static void text_that_would_add_another_header_is_refused(void **state)
{
    static const struct bad_option bad[] = {
        {{.api_key = "key\r\nX-Evil: 1"}, {"API key", "control character"}},
        {{.api_key = "key\n"}, {"API key", "control character"}},
        {{.api_key = "key\r"}, {"API key", "control character"}},
        {{.api_key = "key\x7f"}, {"API key", "control character"}},
        {{.app_id = "app\r\nX-Evil: 1"}, {"app id", "control character"}},
        {{.user_agent = "agent\r\nX-Evil: 1"}, {"user_agent", "control character"}},
        {{.api_url = "http://host\r\nX-Evil: 1"}, {"address", "control character"}},
        {{.proxy = "http://proxy\r\n"}, {"proxy", "control character"}},
    };

    (void)state;
    libcurl_needs_tls();
    check_options(bad, COUNT(bad));
}

/* The message must contain neither the key nor a part of it. */
static void a_key_that_is_refused_is_not_shown(void **state)
{
    const dm_client_options options = {.api_key = "very-secret\n"};
    dm_client *client;
    dm_error error;

    (void)state;
    libcurl_needs_tls();
    assert_status(dm_client_new(&options, &client, &error), DM_ERR_INVALID_ARGUMENT, &error);
    assert_null(strstr(error.message, "very-secret"));
}

static void options_that_are_not_utf8_are_refused(void **state)
{
    static const struct bad_option bad[] = {
        {{.api_key = not_utf8}, {"API key", "UTF-8"}},
        {{.app_id = not_utf8}, {"app id", "UTF-8"}},
        {{.api_url = not_utf8}, {"address", "UTF-8"}},
        {{.user_agent = not_utf8}, {"user_agent", "UTF-8"}},
        {{.proxy = not_utf8}, {"proxy", "UTF-8"}},
        {{.no_proxy = not_utf8}, {"no_proxy", "UTF-8"}},
        {{.ca_file = not_utf8}, {"ca_file", "UTF-8"}},
        {{.client_certificate = not_utf8}, {"client_certificate", "UTF-8"}},
        {{.client_key = not_utf8}, {"client_key", "UTF-8"}},
    };

    (void)state;
    libcurl_needs_tls();
    check_options(bad, COUNT(bad));
}

static void variables_that_are_not_utf8_are_refused(void **state)
{
    static const struct {
        const char *variable;
        const char *word;
    } table[] = {{"DEEPOMATIC_API_KEY", "API key"}, {"DEEPOMATIC_APP_ID", "app id"}, {"DEEPOMATIC_API_URL", "address"}};

    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < COUNT(table); i++) {
        setenv("DEEPOMATIC_API_KEY", "sesame", 1);
        setenv(table[i].variable, not_utf8, 1);
        check_client(table[i].variable, NULL, DM_ERR_INVALID_ARGUMENT, (const char *const[2]){table[i].word, "UTF-8"});
        unsetenv(table[i].variable);
    }
}

static void negative_options_are_refused(void **state)
{
    static const struct bad_option bad[] = {
        {{.connect_timeout_ms = -1}, {"connect_timeout_ms is -1", NULL}},
        {{.stall_timeout_ms = -1}, {"stall_timeout_ms is -1", NULL}},
        {{.max_attempts = -1}, {"max_attempts is -1", NULL}},
        {{.retry_delay_ms = -1}, {"retry_delay_ms is -1", NULL}},
        {{.max_retry_delay_ms = -1}, {"max_retry_delay_ms is -1", NULL}},
        {{.poll_delay_ms = -1}, {"poll_delay_ms is -1", NULL}},
        {{.max_poll_delay_ms = INT64_MIN}, {"max_poll_delay_ms is -9223372036854775808", NULL}},
        {{.connect_timeout_ms = INT64_MAX}, {"connect_timeout_ms is 9223372036854775807", NULL}},
    };

    (void)state;
    check_options(bad, COUNT(bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REFUSAL_TEST(a_client_without_a_key_is_refused),
        REFUSAL_TEST(text_that_would_add_another_header_is_refused),
        REFUSAL_TEST(a_key_that_is_refused_is_not_shown),
        REFUSAL_TEST(options_that_are_not_utf8_are_refused),
        REFUSAL_TEST(variables_that_are_not_utf8_are_refused),
        REFUSAL_TEST(negative_options_are_refused),
    };
    return cmocka_run_group_tests(tests, api_setup, api_teardown);
}

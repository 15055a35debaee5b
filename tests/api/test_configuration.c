/* The options and environment variables of a client, and their effect on requests, as the sandbox's log shows it. */
#include "api_test.h"
#include "array.h"
#include "assert_status.h"
#include "libcurl.h"
#include "test.h"
#include "wire_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int forget_environment(void **state)
{
    (void)state;
    api_forget_environment();
    return 0;
}

/* ---- Configuration ---- */

static dm_client *client_with(const dm_client_options *options)
{
    dm_client *client = NULL;
    dm_error error;

    assert_status(dm_client_new(options, &client, &error), DM_OK, &error);
    return client;
}

static struct request_log *submit_url_with(dm_client *client)
{
    const dm_input input = dm_image_url(photo_url);

    return submit_with(client, dm_public_spec("sandbox-colors"), &input, 1, NULL);
}

static void check_client_headers(dm_client *client, const char *app_id, const char *user_agent)
{
    struct request_log *log = submit_url_with(client);

    assert_string_equal(log_header(log->items[0], "x-api-key"), SANDBOX_KEY);
    assert_string_equal(log_header(log->items[0], "user-agent"), user_agent);
    if (app_id != NULL)
        assert_string_equal(log_header(log->items[0], "x-app-id"), app_id);
    else
        assert_null(log_header(log->items[0], "x-app-id"));
    request_log_free(log);
    dm_client_free(client);
}

static void the_app_id_and_the_user_agent_are_sent_when_given(void **state)
{
    const dm_client_options options = {.api_url = sandbox_url(api.sandbox),
                                       .api_key = SANDBOX_KEY,
                                       .app_id = "my app \xc3\xa9",
                                       .user_agent = "my program/2.0"};

    (void)state;
    check_client_headers(client_with(&options), "my app \xc3\xa9", "my program/2.0");
}

static void all_of_the_configuration_may_come_from_the_environment(void **state)
{
    const dm_client_options none = {0};

    (void)state;
    setenv("DEEPOMATIC_API_KEY", SANDBOX_KEY, 1);
    setenv("DEEPOMATIC_API_URL", sandbox_url(api.sandbox), 1);
    check_client_headers(client_with(NULL), NULL, "libdeepomatic/" DM_VERSION);
    setenv("DEEPOMATIC_APP_ID", "from the environment", 1);
    check_client_headers(client_with(&none), "from the environment", "libdeepomatic/" DM_VERSION);
    setenv("DEEPOMATIC_APP_ID", "", 1);
    check_client_headers(client_with(NULL), NULL, "libdeepomatic/" DM_VERSION);
}

static void an_option_overrides_the_environment(void **state)
{
    const dm_client_options options = {
        .api_url = sandbox_url(api.sandbox), .api_key = SANDBOX_KEY, .app_id = "an option"};

    (void)state;
    setenv("DEEPOMATIC_API_KEY", "a wrong key", 1);
    setenv("DEEPOMATIC_API_URL", "http://127.0.0.1:1", 1);
    setenv("DEEPOMATIC_APP_ID", "from the environment", 1);
    check_client_headers(client_with(&options), "an option", "libdeepomatic/" DM_VERSION);
}

/* Options are copied and the environment is read once: later changes have no effect. */
static void later_changes_of_options_and_environment_do_not_affect_a_client(void **state)
{
    char url[64];
    char key[] = SANDBOX_KEY;
    snprintf(url, sizeof url, "%s", sandbox_url(api.sandbox));
    const dm_client_options options = {.api_url = url, .api_key = key};
    setenv("DEEPOMATIC_APP_ID", "early", 1);
    dm_client *client = client_with(&options);

    (void)state;
    memset(url, 'x', sizeof url - 1);
    memset(key, 'x', sizeof key - 1);
    setenv("DEEPOMATIC_APP_ID", "late", 1);
    check_client_headers(client, "early", "libdeepomatic/" DM_VERSION);
}

/* The address in an option and in the environment, with and without a suffix, and the resulting path of a request. */
static void check_address(const char *appended, const char *path)
{
    char url[128];
    snprintf(url, sizeof url, "%s%s", sandbox_url(api.sandbox), appended);
    const dm_client_options options = {.api_url = url, .api_key = "any key"};
    const dm_client_options key_only = {.api_key = "any key"};
    dm_client *by_option = client_with(&options);
    setenv("DEEPOMATIC_API_URL", url, 1);
    dm_client *by_environment = client_with(&key_only);
    dm_client *const clients[] = {by_option, by_environment};

    for (size_t i = 0; i < 2; i++) {
        const size_t mark = sandbox_mark(api.sandbox);
        dm_spec *spec = NULL;

        assert_true(dm_spec_retrieve(clients[i], dm_private_spec(1), NULL, &spec, NULL) != DM_OK);
        struct request_log *log = api_requests_since(&api, mark, "/");
        assert_int_equal(log->count, 1);
        log_only(log, "GET", path);
        request_log_free(log);
        dm_client_free(clients[i]);
    }
}

static void the_address_may_end_with_a_slash_and_have_a_path(void **state)
{
    (void)state;
    check_address("", "/v0.7/recognition/specs/1");
    check_address("/", "/v0.7/recognition/specs/1");
    check_address("//", "/v0.7/recognition/specs/1");
    check_address("/a/prefix", "/a/prefix/v0.7/recognition/specs/1");
    check_address("/a/prefix/", "/a/prefix/v0.7/recognition/specs/1");
}

struct wrong_address {
    const char *url;
    const char *word;
};

static void check_wrong_address(const struct wrong_address *wrong, bool by_option)
{
    const dm_client_options options = {.api_key = "k", .api_url = by_option ? wrong->url : NULL};
    dm_client *client = NULL;
    dm_error error;

    setenv("DEEPOMATIC_API_URL", by_option ? "" : wrong->url, 1);
    const dm_status status = dm_client_new(&options, &client, &error);
    if (status != DM_ERR_INVALID_ARGUMENT || client != NULL)
        fail_msg("the address %s: unexpected %s: %s", wrong->url, dm_status_name(status), error.message);
    assert_non_null(strstr(error.message, "address"));
    if (strstr(error.message, wrong->word) == NULL)
        fail_msg("%s: expected \"%s\" in the message, got: %s", wrong->url, wrong->word, error.message);
    assert_null(strstr(error.message, "secret"));
}

static void check_wrong_addresses(const struct wrong_address *wrong, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_wrong_address(&wrong[i], true);
        check_wrong_address(&wrong[i], false);
    }
}

static void an_address_with_a_user_a_query_or_a_version_is_refused(void **state)
{
    static const struct wrong_address wrong[] = {
        {"http://user:secret@127.0.0.1:1", "password"},
        {"http://user@127.0.0.1:1", "user"},
        {"http://127.0.0.1:1/?a=b", "query"},
        {"http://127.0.0.1:1/#a", "fragment"},
        {"http://127.0.0.1:1/v0.7", "v0.7"},
        {"https://127.0.0.1:1/v0.7/", "v0.7"},
        {"http://127.0.0.1:99999", "URL"},
        {"http://127.0.0.1:1\r\nX-Evil: 1", "control character"},
    };

    (void)state;
    check_wrong_addresses(wrong, COUNT(wrong));
}

static void an_address_that_is_not_http_or_has_no_host_is_refused(void **state)
{
    static const struct wrong_address wrong[] = {
        {"ftp://127.0.0.1:1", "http"}, {"127.0.0.1:1", "http"}, {"not an address", "http"},
        {"http://", "http"},           {"file:///etc", "http"}, {"file://localhost/a", "http"},
    };

    (void)state;
    check_wrong_addresses(wrong, COUNT(wrong));
}

/* ---- TLS verification ---- */

static void count_warning_of_tls(dm_log_level level, const char *line, void *data)
{
    int *count = data;

    *count += level == DM_LOG_WARNING && strstr(line, "TLS") != NULL;
}

/* As in the official client: certificates are verified if the variable is "1" or unset. With any other value they
 * are not, and a warning is logged. */
static void certificates_are_verified_unless_the_environment_says_otherwise(void **state)
{
    static const struct {
        const char *value;
        bool verifies;
    } table[] = {{NULL, true}, {"1", true}, {"0", false}, {"", false}, {"true", false}, {"11", false}, {"yes", false}};

    (void)state;
    libcurl_needs_tls();
    for (size_t i = 0; i < COUNT(table); i++) {
        int warnings = 0;
        const dm_client_options options = {.api_key = "k", .log = count_warning_of_tls, .log_data = &warnings};

        unsetenv("DEEPOMATIC_API_VERIFY_TLS");
        if (table[i].value != NULL)
            setenv("DEEPOMATIC_API_VERIFY_TLS", table[i].value, 1);
        dm_client_free(client_with(&options));
        if (warnings != (table[i].verifies ? 0 : 1))
            fail_msg("DEEPOMATIC_API_VERIFY_TLS=%s", table[i].value != NULL ? table[i].value : "(unset)");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_app_id_and_the_user_agent_are_sent_when_given, forget_environment),
        cmocka_unit_test_teardown(all_of_the_configuration_may_come_from_the_environment, forget_environment),
        cmocka_unit_test_teardown(an_option_overrides_the_environment, forget_environment),
        cmocka_unit_test_teardown(later_changes_of_options_and_environment_do_not_affect_a_client, forget_environment),
        cmocka_unit_test_teardown(the_address_may_end_with_a_slash_and_have_a_path, forget_environment),
        cmocka_unit_test_teardown(an_address_with_a_user_a_query_or_a_version_is_refused, forget_environment),
        cmocka_unit_test_teardown(an_address_that_is_not_http_or_has_no_host_is_refused, forget_environment),
        cmocka_unit_test_teardown(certificates_are_verified_unless_the_environment_says_otherwise, forget_environment),
    };
    return cmocka_run_group_tests(tests, start, stop);
}

/* The account, and the credentials that every request carries. */
#include "assert_status.h"
#include "fault_server.h"
#include "http_reply.h"
#include "libcurl.h"
#include "sent_requests.h"

#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static dm_client *new_client(struct api_test *test, dm_client_options options)
{
    dm_client *client = NULL;

    if (options.api_url == NULL)
        options.api_url = sandbox_url(test->sandbox);
    assert_ok(test, dm_client_new(&options, &client, &test->error));
    return client;
}

static void the_account_of_the_key_is_retrieved(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/accounts/me", "", NULL, 200};
    struct api_test *test = *state;
    dm_account *account = NULL;

    assert_ok(test, dm_account_retrieve(test->client, NULL, &account, &test->error));
    assert_non_null(account->id);
    assert_int_equal(*account->id, 1);
    assert_string_equal(account->name, "sandbox");
    assert_non_null(strstr(account->json, "\"date_created\""));
    assert_sent(test, 0, &expected, 1);
    dm_account_free(account);
    dm_account_free(NULL);
}

static void assert_no_credentials(struct api_test *test, dm_client *client)
{
    dm_account before;
    dm_account *account = &before;

    assert_status(dm_account_retrieve(client, NULL, &account, &test->error), DM_ERR_CREDENTIALS, &test->error);
    assert_null(account);
    assert_int_equal(test->error.http_status, 401);
    assert_int_equal(test->error.attempts, 1);
}

static void a_wrong_key_is_refused_with_the_servers_message_and_not_shown(void **state)
{
    static const char key[] = "not-the-right-key-0123456789";
    struct api_test *test = *state;
    dm_client *client = new_client(test, (dm_client_options){.api_key = key});

    assert_no_credentials(test, client);
    assert_string_not_equal(test->error.server_message, "");
    assert_non_null(strstr(test->error.message, test->error.server_message));
    assert_null(strstr(test->error.message, key));
    dm_client_free(client);
}

static void a_client_without_a_key_is_refused(void **state)
{
    static const dm_client_options empty = {.api_key = ""};
    dm_client *client = NULL;
    dm_error error;

    (void)state;
    libcurl_needs_tls();
    assert_status(dm_client_new(NULL, &client, &error), DM_ERR_CREDENTIALS, &error);
    assert_null(client);
    assert_non_null(strstr(error.message, "DEEPOMATIC_API_KEY"));
    assert_status(dm_client_new(&empty, &client, &error), DM_ERR_CREDENTIALS, &error);
    assert_null(client);
}

static void assert_header_sent(const struct api_test *test, const char *name, const char *value)
{
    struct request_log *log = sent_since(test, 0);
    const char *sent = log_header(log->items[0], name);

    assert_int_equal(log->count, 1);
    if (value == NULL)
        assert_null(sent);
    else
        assert_string_equal(sent, value);
    request_log_free(log);
}

static void retrieve_account(struct api_test *test, dm_client *client)
{
    dm_account *account = NULL;

    assert_ok(test, dm_account_retrieve(client, NULL, &account, &test->error));
    dm_account_free(account);
}

static void an_app_id_and_a_user_agent_are_sent_when_they_are_given(void **state)
{
    struct api_test *test = *state;
    dm_client *client =
        new_client(test, (dm_client_options){.api_key = SANDBOX_KEY, .app_id = "app 7", .user_agent = "birds/2.0 (x)"});

    retrieve_account(test, client);
    assert_header_sent(test, "x-app-id", "app 7");
    assert_header_sent(test, "user-agent", "birds/2.0 (x)");
    assert_header_sent(test, "x-api-key", SANDBOX_KEY);
    dm_client_free(client);
}

static void a_client_takes_everything_from_the_environment(void **state)
{
    struct api_test *test = *state;
    dm_client *client = NULL;

    setenv("DEEPOMATIC_API_KEY", SANDBOX_KEY, 1);
    setenv("DEEPOMATIC_APP_ID", "from the environment", 1);
    setenv("DEEPOMATIC_API_URL", sandbox_url(test->sandbox), 1);
    assert_ok(test, dm_client_new(NULL, &client, &test->error));
    api_forget_environment();
    retrieve_account(test, client);
    assert_header_sent(test, "x-app-id", "from the environment");
    dm_client_free(client);
}

static void an_option_overrides_the_environment(void **state)
{
    struct api_test *test = *state;
    const dm_client_options options = {
        .api_key = SANDBOX_KEY, .app_id = "from the options", .api_url = sandbox_url(test->sandbox)};
    dm_client *client = NULL;

    setenv("DEEPOMATIC_API_KEY", "another", 1);
    setenv("DEEPOMATIC_APP_ID", "another", 1);
    setenv("DEEPOMATIC_API_URL", "http://127.0.0.1:1", 1);
    assert_ok(test, dm_client_new(&options, &client, &test->error));
    api_forget_environment();
    retrieve_account(test, client);
    assert_header_sent(test, "x-app-id", "from the options");
    assert_header_sent(test, "x-api-key", SANDBOX_KEY);
    dm_client_free(client);
}

static void a_slash_at_the_end_of_the_address_is_accepted(void **state)
{
    static const struct expected_request expected = {"GET", "/v0.7/accounts/me", "", NULL, 200};
    struct api_test *test = *state;
    char url[128];

    assert_true(snprintf(url, sizeof url, "%s/", sandbox_url(test->sandbox)) < (int)sizeof url);
    dm_client *client = new_client(test, (dm_client_options){.api_key = SANDBOX_KEY, .api_url = url});
    retrieve_account(test, client);
    assert_sent(test, 0, &expected, 1);
    dm_client_free(client);
}

/* ---- Accounts that the sandbox does not have ---- */

/* Makes the call with a server that gives this reply. */
static dm_status retrieve_from(const char *body, dm_account **account, dm_error *error)
{
    char reply[1024];
    const struct fault_step step = {
        .reply = reply,
        .reply_length = http_reply(reply, sizeof reply, "200 OK", "Content-Type: application/json\r\n", body)};
    struct fault_server *server = fault_server_start(&step, 1);

    assert_true(step.reply_length > 0);
    assert_non_null(server);
    dm_client *client = api_client_new(fault_server_url(server), SANDBOX_KEY);
    const dm_status status = dm_account_retrieve(client, NULL, account, error);
    dm_client_free(client);
    fault_server_stop(server);
    return status;
}

static void an_account_without_its_usual_fields_is_returned_byte_for_byte(void **state)
{
    static const char body[] =
        "{ \"quota\" : 12345678901234567890, \"name\":null, \"plan\":{\"n\":0.30000000000000004} }";
    dm_account *account = NULL;
    dm_error error;

    (void)state;
    assert_status(retrieve_from(body, &account, &error), DM_OK, &error);
    assert_null(account->id);
    assert_null(account->name);
    assert_string_equal(account->json, body);
    dm_account_free(account);
}

static void an_account_that_is_not_an_object_is_an_error(void **state)
{
    static const char *const bodies[] = {"[]", "1", "\"me\"", "null", "", "<html>", "{\"id\":1.5}", "{\"name\":7}"};
    dm_account *account = NULL;
    dm_error error;

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_status(retrieve_from(bodies[i], &account, &error), DM_ERR_BAD_RESPONSE, &error);
        assert_null(account);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        API_TEST(the_account_of_the_key_is_retrieved, NULL),
        API_TEST(a_wrong_key_is_refused_with_the_servers_message_and_not_shown, NULL),
        API_TEST(a_client_without_a_key_is_refused, NULL),
        API_TEST(an_app_id_and_a_user_agent_are_sent_when_they_are_given, NULL),
        API_TEST(a_client_takes_everything_from_the_environment, NULL),
        API_TEST(an_option_overrides_the_environment, NULL),
        API_TEST(a_slash_at_the_end_of_the_address_is_accepted, NULL),
        cmocka_unit_test(an_account_without_its_usual_fields_is_returned_byte_for_byte),
        cmocka_unit_test(an_account_that_is_not_an_object_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

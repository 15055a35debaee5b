/* Creating clients and cancellation tokens, and retrieving the account. */
#include "calls.h"

#include "assert_status.h"
#include "test.h"

#include <stdlib.h>

static dm_status client_new_with(struct fixture *fixture, const dm_client_options *options)
{
    dm_client *client = UNTOUCHED;
    const dm_status status = dm_client_new(options, &client, &fixture->error);
    if (has_result(fixture, status, client))
        dm_client_free(client);
    return status;
}

dm_status client_new(struct fixture *fixture)
{
    const dm_client_options options = client_options("http://service.example:8080/prefix/");
    return client_new_with(fixture, &options);
}

dm_status client_new_at_user(struct fixture *fixture)
{
    const dm_client_options options = client_options("http://user@service.example");
    return client_new_with(fixture, &options);
}

dm_status client_new_with_proxy(struct fixture *fixture)
{
    dm_client_options options = client_options("http://service.example");
    options.proxy = "http://joe:password@127.0.0.1:1";
    return client_new_with(fixture, &options);
}

dm_status client_new_at_query(struct fixture *fixture)
{
    const dm_client_options options = client_options("http://service.example/?a=b");
    return client_new_with(fixture, &options);
}

void fill_environment(struct fixture *fixture)
{
    (void)fixture;
    setenv("DEEPOMATIC_API_KEY", FIXTURE_KEY, 1);
    setenv("DEEPOMATIC_APP_ID", "app", 1);
    setenv("DEEPOMATIC_API_URL", "http://service.example/prefix", 1);
}

dm_status client_new_by_environment(struct fixture *fixture)
{
    return client_new_with(fixture, NULL);
}

dm_status cancel_new(struct fixture *fixture)
{
    dm_cancel *cancel = UNTOUCHED;
    const dm_status status = dm_cancel_new(&cancel, &fixture->error);
    if (has_result(fixture, status, cancel))
        dm_cancel_free(cancel);
    return status;
}

dm_status account_retrieve(struct fixture *fixture)
{
    dm_account *account = UNTOUCHED;
    const dm_status status = dm_account_retrieve(fixture->client, &fixture->call, &account, &fixture->error);
    if (has_result(fixture, status, account))
        dm_account_free(account);
    return status;
}

/* After this, the connection is not used again. */
void prepare_doubt(struct fixture *fixture)
{
    assert_status(account_retrieve(fixture), DM_ERR_BAD_RESPONSE, &fixture->error);
}

#include "api/path.h"
#include "base/arena.h"
#include "codec/decode.h"

void dm_account_free(dm_account *account)
{
    arena_free_root(account);
}

dm_status dm_account_retrieve(dm_client *client, const dm_call_options *options, dm_account **account, dm_error *error)
{
    struct call call;

    call_open(&call, client, "account", account, options, error);
    path_account(&call);
    call_exchange(&call, &account_shape);
    return call_close(&call);
}

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

    CALL_OPEN(&call, client, account, options, error);
    path_account(&call, "GET");
    call_send(&call);
    CALL_RECEIVE(&call, &account_shape, account);
    return call_close(&call);
}

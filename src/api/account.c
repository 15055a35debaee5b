#include "client/call.h"
#include "codec/decode.h"

void dm_account_free(dm_account *account)
{
    arena_free_root(account);
}

dm_status dm_account_retrieve(dm_client *client, const dm_call *options, dm_account **account, dm_error *error)
{
    struct call on;

    CALL_CLEAR(account);
    call_open(&on, client, options, account, error);
    request_append_name(&on.request, "accounts");
    request_append_name(&on.request, "me");
    call_send(&on);
    if (on.status == DM_OK)
        call_check(&on, decode_account(&on.reply, account, on.error));
    return call_close(&on);
}

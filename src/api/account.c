#include "client/call.h"
#include "codec/decode.h"

void dm_account_free(dm_account *account)
{
    arena_free_root(account);
}

dm_status dm_account_retrieve(dm_client *client, const dm_call_options *options, dm_account **account, dm_error *error)
{
    struct call call;

    CALL_CLEAR(account);
    call_open(&call, client, options, account, error);
    request_append_name(&call.request, "accounts");
    request_append_name(&call.request, "me");
    call_send(&call);
    if (call.status == DM_OK)
        call_check(&call, decode_account(&call.reply, account, call.error));
    return call_close(&call);
}

/* deepomatic account */
#include "commands.h"
#include "json_out.h"
#include "table.h"

static void show(const dm_account *account)
{
    struct table table;

    table_begin(&table, NULL, 2);
    table_integer_field(&table, "id", account->id);
    table_field(&table, "name", account->name);
    table_json_field(&table, "json", account->json);
    table_end(&table, "");
}

enum exit_status account_show(const struct cli *cli)
{
    dm_account *account = NULL;
    dm_error error;
    dm_status status = dm_account_retrieve(cli->client, &cli->call, &account, &error);

    if (status == DM_OK && options_has(cli->options, OPTION_JSON)) {
        struct json json = {0};
        json_verbatim(&json, NULL, account->json);
        json_end(&json);
    } else if (status == DM_OK) {
        show(account);
    }
    dm_account_free(account);
    return report_call(status, &error);
}

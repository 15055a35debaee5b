/* deepomatic versions ... */
#include "cmd_versions.h"
#include "commands.h"
#include "confirm.h"
#include "show_version.h"

#include <inttypes.h>

/* Prints an item as a line of JSON, or adds it to the table. */
static void put_item(const struct cli *cli, struct table *table, const dm_version *version)
{
    if (options_has(cli->options, OPTION_JSON))
        version_put_json(version);
    else
        version_put_row(table, version);
}

static dm_status put_page(const struct cli *cli, const dm_spec_id *spec, struct table *table, dm_error *error)
{
    const dm_page_options part = {cli->options->offset, cli->options->limit};
    dm_version_page *page = NULL;
    dm_status status;

    if (spec != NULL)
        status = dm_spec_versions(cli->client, *spec, &part, &cli->call, &page, error);
    else
        status = dm_version_list(cli->client, &part, &cli->call, &page, error);
    for (size_t i = 0; status == DM_OK && i < page->result_count; i++)
        put_item(cli, table, &page->results[i]);
    dm_version_page_free(page);
    return status;
}

static dm_status put_all(const struct cli *cli, const dm_spec_id *spec, struct table *table, dm_error *error)
{
    dm_version_iter *iter = NULL;
    const dm_version *version = NULL;
    dm_status status = dm_version_iter_new(cli->client, spec, NULL, &iter, error);

    while (status == DM_OK && !ferror(stdout)) {
        status = dm_version_iter_next(iter, &cli->call, &version, error);
        if (status == DM_OK)
            put_item(cli, table, version);
    }
    dm_version_iter_free(iter);
    return status;
}

enum exit_status list_versions(const struct cli *cli, const dm_spec_id *spec)
{
    struct table table;
    dm_error error;
    dm_status status;

    version_table_begin(&table);
    if (options_want_page(cli->options))
        status = put_page(cli, spec, &table, &error);
    else
        status = put_all(cli, spec, &table, &error);
    table_end(&table, "");
    return report_call(status, &error);
}

/* Prints the version, if the call succeeded, and frees it. */
static enum exit_status finish(const struct cli *cli, dm_version *version, dm_status status, const dm_error *error)
{
    if (status == DM_OK && options_has(cli->options, OPTION_JSON))
        version_put_json(version);
    else if (status == DM_OK)
        version_put_fields(version);
    dm_version_free(version);
    return report_call(status, error);
}

enum exit_status versions_list(const struct cli *cli)
{
    return list_versions(cli, NULL);
}

enum exit_status versions_get(const struct cli *cli)
{
    dm_version *version = NULL;
    dm_error error;
    dm_status status = dm_version_retrieve(cli->client, cli->operands->version_id, &cli->call, &version, &error);

    return finish(cli, version, status, &error);
}

enum exit_status versions_create(const struct cli *cli)
{
    const struct options *options = cli->options;
    dm_version *version = NULL;
    dm_error error;
    dm_status status = dm_version_create(cli->client, dm_private_spec(options->spec_id), options->network_id,
                                         options->post_processings, &cli->call, &version, &error);

    return finish(cli, version, status, &error);
}

enum exit_status versions_delete(const struct cli *cli)
{
    const int64_t id = cli->operands->version_id;
    char question[64];
    dm_error error;

    snprintf(question, sizeof question, "Delete version %" PRId64 "?", id);
    enum exit_status allowed = confirm(cli, question);
    if (allowed != STATUS_OK)
        return allowed;
    return report_call(dm_version_delete(cli->client, id, &cli->call, &error), &error);
}

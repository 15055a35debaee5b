/* deepomatic specs ... */
#include "cmd_versions.h"
#include "commands.h"
#include "confirm.h"
#include "show_spec.h"

#include <inttypes.h>

/* Prints an item as a line of JSON, or adds it to the table. */
static void put_item(const struct cli *cli, struct table *table, const dm_spec *spec)
{
    if (options_has(cli->options, OPTION_JSON))
        spec_put_json(spec);
    else
        spec_put_row(table, spec);
}

static dm_status put_page(const struct cli *cli, dm_visibility visibility, struct table *table, dm_error *error)
{
    const dm_page_options part = {cli->options->offset, cli->options->limit};
    dm_spec_page *page = NULL;
    dm_status status = dm_spec_list(cli->client, visibility, &part, &cli->call, &page, error);

    for (size_t i = 0; status == DM_OK && i < page->result_count; i++)
        put_item(cli, table, &page->results[i]);
    dm_spec_page_free(page);
    return status;
}

static dm_status put_all(const struct cli *cli, dm_visibility visibility, struct table *table, dm_error *error)
{
    dm_spec_iter *iter = NULL;
    const dm_spec *spec = NULL;
    dm_status status = dm_spec_iter_new(cli->client, visibility, NULL, &iter, error);

    while (status == DM_OK && !ferror(stdout)) {
        status = dm_spec_iter_next(iter, &cli->call, &spec, error);
        if (status == DM_OK)
            put_item(cli, table, spec);
    }
    dm_spec_iter_free(iter);
    return status;
}

enum exit_status specs_list(const struct cli *cli)
{
    dm_visibility visibility = options_has(cli->options, OPTION_PUBLIC) ? DM_VISIBILITY_PUBLIC : DM_VISIBILITY_PRIVATE;
    struct table table;
    dm_error error;
    dm_status status;

    spec_table_begin(&table);
    if (options_want_page(cli->options))
        status = put_page(cli, visibility, &table, &error);
    else
        status = put_all(cli, visibility, &table, &error);
    table_end(&table, "");
    return report_call(status, &error);
}

/* Prints the specification, if the call succeeded, and frees it. */
static enum exit_status finish(const struct cli *cli, dm_spec *spec, dm_status status, const dm_error *error)
{
    if (status == DM_OK && options_has(cli->options, OPTION_JSON))
        spec_put_json(spec);
    else if (status == DM_OK)
        spec_put_fields(spec);
    dm_spec_free(spec);
    return report_call(status, error);
}

enum exit_status specs_get(const struct cli *cli)
{
    dm_spec *spec = NULL;
    dm_error error;
    dm_status status = dm_spec_retrieve(cli->client, cli->operands->spec, &cli->call, &spec, &error);

    return finish(cli, spec, status, &error);
}

enum exit_status specs_create(const struct cli *cli)
{
    const struct options *given = cli->options;
    const dm_spec_create_options options = {given->description, given->metadata};
    dm_spec *spec = NULL;
    dm_error error;
    dm_status status = dm_spec_create(cli->client, given->name, given->outputs.outputs, given->outputs.count, &options,
                                      &cli->call, &spec, &error);

    return finish(cli, spec, status, &error);
}

enum exit_status specs_update(const struct cli *cli)
{
    const struct options *given = cli->options;
    const dm_spec_changes changes = {
        .name = given->name,
        .description = given->description,
        .metadata = given->metadata,
        .current_version_id = options_has(given, OPTION_CURRENT_VERSION) ? &given->current_version_id : NULL,
        .clear_current_version = options_has(given, OPTION_CLEAR_CURRENT_VERSION),
    };
    dm_spec *spec = NULL;
    dm_error error;

    if (changes.current_version_id != NULL && changes.clear_current_version) {
        report("--current-version and --clear-current-version cannot be used together");
        return STATUS_USAGE;
    }
    dm_status status = dm_spec_update(cli->client, cli->operands->spec, &changes, &cli->call, &spec, &error);

    return finish(cli, spec, status, &error);
}

enum exit_status specs_delete(const struct cli *cli)
{
    const dm_spec_id id = cli->operands->spec;
    char question[96];
    dm_error error;

    snprintf(question, sizeof question, "Delete specification %" PRId64 " and all its versions?", id.private_id);
    enum exit_status allowed = confirm(cli, question);
    if (allowed != STATUS_OK)
        return allowed;
    return report_call(dm_spec_delete(cli->client, id, &cli->call, &error), &error);
}

enum exit_status specs_versions(const struct cli *cli)
{
    return list_versions(cli, &cli->operands->spec);
}

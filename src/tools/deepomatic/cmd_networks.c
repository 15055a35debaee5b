/* deepomatic networks ... */
#include "commands.h"
#include "confirm.h"
#include "progress.h"
#include "show_network.h"
#include "status_line.h"
#include "streams.h"
#include "upload_progress.h"

#include <inttypes.h>

/* Prints an item as a line of JSON, or adds it to the table. */
static void put_item(const struct cli *cli, struct table *table, const dm_network *network)
{
    if (options_has(cli->options, OPTION_JSON))
        network_put_json(network);
    else
        network_put_row(table, network);
}

static dm_status put_page(const struct cli *cli, dm_visibility visibility, struct table *table, dm_error *error)
{
    const dm_page_options part = {cli->options->offset, cli->options->limit};
    dm_network_page *page = NULL;
    dm_status status = dm_network_list(cli->client, visibility, &part, &cli->call, &page, error);

    for (size_t i = 0; status == DM_OK && i < page->result_count; i++)
        put_item(cli, table, &page->results[i]);
    dm_network_page_free(page);
    return status;
}

static dm_status put_all(const struct cli *cli, dm_visibility visibility, struct table *table, dm_error *error)
{
    dm_network_iter *iter = NULL;
    const dm_network *network = NULL;
    dm_status status = dm_network_iter_new(cli->client, visibility, NULL, &iter, error);

    while (status == DM_OK && !ferror(stdout)) {
        status = dm_network_iter_next(iter, &cli->call, &network, error);
        if (status == DM_OK)
            put_item(cli, table, network);
    }
    dm_network_iter_free(iter);
    return status;
}

enum exit_status networks_list(const struct cli *cli)
{
    dm_visibility visibility = options_has(cli->options, OPTION_PUBLIC) ? DM_VISIBILITY_PUBLIC : DM_VISIBILITY_PRIVATE;
    struct table table;
    dm_error error;
    dm_status status;

    network_table_begin(&table);
    if (options_want_page(cli->options))
        status = put_page(cli, visibility, &table, &error);
    else
        status = put_all(cli, visibility, &table, &error);
    table_end(&table, "");
    return report_call(status, &error);
}

static void put(const struct cli *cli, const dm_network *network)
{
    if (options_has(cli->options, OPTION_JSON))
        network_put_json(network);
    else
        network_put_fields(network);
}

/* Prints the network, if the call succeeded, and frees it. */
static enum exit_status finish(const struct cli *cli, dm_network *network, dm_status status, const dm_error *error)
{
    if (status == DM_OK)
        put(cli, network);
    dm_network_free(network);
    return report_call(status, error);
}

enum exit_status networks_get(const struct cli *cli)
{
    dm_network *network = NULL;
    dm_error error;
    dm_status status = dm_network_retrieve(cli->client, cli->operands->network, &cli->call, &network, &error);

    return finish(cli, network, status, &error);
}

/* ---- To create ---- */

static dm_status create(const struct cli *cli, dm_network **network, dm_error *error)
{
    const struct options *given = cli->options;
    const struct operands *operands = cli->operands;
    struct upload_progress progress;
    const dm_network_create_options options = {
        .description = given->description,
        .metadata = given->metadata,
        .progress = upload_progress_note,
        .progress_data = &progress,
    };

    upload_progress_begin(&progress, given);
    dm_status status = dm_network_create(cli->client, given->name, given->framework, given->preprocessing,
                                         operands->files, operands->file_count, &options, &cli->call, network, error);
    upload_progress_end(&progress);
    return status;
}

static enum exit_status report_deployment(const dm_task *task)
{
    if (task->status == DM_TASK_SUCCESS)
        return STATUS_OK;
    report("the deployment failed (task %s): %s", task->id.text, task->error != NULL ? task->error : "no reason given");
    return STATUS_FAILED;
}

/* A deployment has no time limit unless --timeout sets one. */
static enum exit_status wait_for_deployment(const struct cli *cli, const dm_network *network)
{
    dm_call_options call = cli->call;
    dm_task *task = NULL;
    dm_error error;

    if (network->task_id == NULL) {
        report("cannot wait for the deployment: the service sent no task");
        return STATUS_FAILED;
    }
    if (call.timeout_ms == 0)
        call.timeout_ms = -1;
    if (progress_is_wanted(cli->options))
        status_line_put("waiting for the deployment");
    dm_status status = dm_task_wait(cli->client, *network->task_id, &call, &task, &error);
    status_line_clear();
    enum exit_status exit_status = status == DM_OK ? report_deployment(task) : report_call(status, &error);
    dm_task_free(task);
    return exit_status;
}

/* The network is printed before the wait, because it exists even if its deployment fails. */
enum exit_status networks_create(const struct cli *cli)
{
    dm_network *network = NULL;
    dm_error error;
    dm_status status = create(cli, &network, &error);
    enum exit_status exit_status = report_call(status, &error);

    if (status == DM_OK) {
        put(cli, network);
        output_flush();
        if (options_has(cli->options, OPTION_WAIT))
            exit_status = wait_for_deployment(cli, network);
    }
    dm_network_free(network);
    return exit_status;
}

/* ---- To change and to delete ---- */

enum exit_status networks_update(const struct cli *cli)
{
    const dm_network_changes changes = {cli->options->name, cli->options->description, cli->options->metadata};
    dm_network *network = NULL;
    dm_error error;
    dm_status status = dm_network_update(cli->client, cli->operands->network, &changes, &cli->call, &network, &error);

    return finish(cli, network, status, &error);
}

enum exit_status networks_delete(const struct cli *cli)
{
    const dm_network_id id = cli->operands->network;
    char question[96];
    dm_error error;

    snprintf(question, sizeof question, "Delete network %" PRId64 " and all versions with it?", id.private_id);
    enum exit_status allowed = confirm(cli, question);
    if (allowed != STATUS_OK)
        return allowed;
    return report_call(dm_network_delete(cli->client, id, &cli->call, &error), &error);
}

#include "show_network.h"
#include "json_out.h"

#include <inttypes.h>
#include <stdio.h>

static const char *task_text(const dm_network *network)
{
    return network->task_id != NULL ? network->task_id->text : NULL;
}

void network_put_json(const dm_network *network)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
    if (network->id.public_id != NULL)
        json_string(&json, "id", network->id.public_id);
    else
        json_integer(&json, "id", network->id.private_id);
    json_string(&json, "name", network->name);
    json_string(&json, "description", network->description);
    json_string(&json, "update_date", network->update_date);
    json_string(&json, "create_date", network->create_date);
    json_verbatim(&json, "metadata", network->metadata);
    json_string(&json, "framework", network->framework);
    json_verbatim(&json, "preprocessing", network->preprocessing);
    json_verbatim(&json, "postprocessings", network->postprocessings);
    json_string(&json, "task_id", task_text(network));
    json_close(&json, '}');
    json_end(&json);
}

void network_put_fields(const dm_network *network)
{
    struct table table;

    table_begin(&table, NULL, 2);
    if (network->id.public_id != NULL)
        table_field(&table, "id", network->id.public_id);
    else
        table_integer_field(&table, "id", &network->id.private_id);
    table_field(&table, "name", network->name);
    table_field(&table, "description", network->description);
    table_field(&table, "update_date", network->update_date);
    table_field(&table, "create_date", network->create_date);
    table_json_field(&table, "metadata", network->metadata);
    table_field(&table, "framework", network->framework);
    table_json_field(&table, "preprocessing", network->preprocessing);
    table_json_field(&table, "postprocessings", network->postprocessings);
    table_field(&table, "task_id", task_text(network));
    table_end(&table, "");
}

enum column { ID, NAME, FRAMEWORK, UPDATED, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = {"ID", "NAME", "FRAMEWORK", "UPDATED"};

void network_table_begin(struct table *table)
{
    table_begin(table, titles, COLUMN_COUNT);
}

void network_put_row(struct table *table, const dm_network *network)
{
    table_row(table);
    if (network->id.public_id != NULL)
        table_set(table, ID, network->id.public_id);
    else
        table_setf(table, ID, "%" PRId64, network->id.private_id);
    table_set(table, NAME, network->name);
    table_set(table, FRAMEWORK, network->framework);
    table_set(table, UPDATED, network->update_date);
}

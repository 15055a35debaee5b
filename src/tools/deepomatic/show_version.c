#include "show_version.h"
#include "json_out.h"

#include <inttypes.h>
#include <stdio.h>

void version_put_json(const dm_version *version)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
    json_integer(&json, "id", version->id);
    json_integer(&json, "spec_id", version->spec_id);
    json_integer(&json, "network_id", version->network_id);
    json_verbatim(&json, "post_processings", version->post_processings);
    json_string(&json, "spec_name", version->spec_name);
    json_string(&json, "network_name", version->network_name);
    json_string(&json, "update_date", version->update_date);
    json_close(&json, '}');
    json_end(&json);
}

void version_put_fields(const dm_version *version)
{
    struct table table;

    table_begin(&table, NULL, 2);
    table_integer_field(&table, "id", &version->id);
    table_integer_field(&table, "spec_id", &version->spec_id);
    table_field(&table, "spec_name", version->spec_name);
    table_integer_field(&table, "network_id", &version->network_id);
    table_field(&table, "network_name", version->network_name);
    table_field(&table, "update_date", version->update_date);
    table_json_field(&table, "post_processings", version->post_processings);
    table_end(&table, "");
}

enum column { ID, SPEC, SPEC_NAME, NETWORK, NETWORK_NAME, UPDATED, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = {"ID", "SPEC", "SPEC NAME", "NETWORK", "NETWORK NAME", "UPDATED"};

void version_table_begin(struct table *table)
{
    table_begin(table, titles, COLUMN_COUNT);
}

void version_put_row(struct table *table, const dm_version *version)
{
    table_row(table);
    table_setf(table, ID, "%" PRId64, version->id);
    table_setf(table, SPEC, "%" PRId64, version->spec_id);
    table_set(table, SPEC_NAME, version->spec_name);
    table_setf(table, NETWORK, "%" PRId64, version->network_id);
    table_set(table, NETWORK_NAME, version->network_name);
    table_set(table, UPDATED, version->update_date);
}

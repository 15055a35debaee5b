/* Prints versions. */
#ifndef CLI_SHOW_VERSION_H
#define CLI_SHOW_VERSION_H

#include "table.h"

#include <deepomatic.h>

/* Prints one line of JSON with the field names of the API. */
void version_put_json(const dm_version *version);

/* Prints all fields, one per line. */
void version_put_fields(const dm_version *version);

/* A table with one version per row. */
void version_table_begin(struct table *table);
void version_put_row(struct table *table, const dm_version *version);

#endif

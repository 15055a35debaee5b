/* A version, for programs and for people. */
#ifndef CLI_SHOW_VERSION_H
#define CLI_SHOW_VERSION_H

#include "table.h"

#include <deepomatic.h>

/* Writes one line of JSON with the API's field names. */
void version_put_json(const dm_version *version);

/* Prints all there is, a field a line. */
void version_put_fields(const dm_version *version);

/* Begins a table with a row for each version. */
void version_table_begin(struct table *table);
void version_put_row(struct table *table, const dm_version *version);

#endif

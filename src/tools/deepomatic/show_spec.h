/* Prints specifications. */
#ifndef CLI_SHOW_SPEC_H
#define CLI_SHOW_SPEC_H

#include "table.h"

#include <deepomatic.h>

/* Prints one line of JSON with the field names of the API. */
void spec_put_json(const dm_spec *spec);

/* Prints all fields, one per line. */
void spec_put_fields(const dm_spec *spec);

/* A table with one specification per row. */
void spec_table_begin(struct table *table);
void spec_put_row(struct table *table, const dm_spec *spec);

#endif

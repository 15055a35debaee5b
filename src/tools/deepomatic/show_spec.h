/* A specification, for programs and for people. */
#ifndef CLI_SHOW_SPEC_H
#define CLI_SHOW_SPEC_H

#include "table.h"

#include <deepomatic.h>

/* Writes one line of JSON with the API's field names. */
void spec_put_json(const dm_spec *spec);

/* Prints all there is, a field a line. */
void spec_put_fields(const dm_spec *spec);

/* Begins a table with a row for each specification. */
void spec_table_begin(struct table *table);
void spec_put_row(struct table *table, const dm_spec *spec);

#endif

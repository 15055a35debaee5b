/* Prints networks. */
#ifndef CLI_SHOW_NETWORK_H
#define CLI_SHOW_NETWORK_H

#include "table.h"

#include <deepomatic.h>

/* Prints one line of JSON with the field names of the API. */
void network_put_json(const dm_network *network);

/* Prints all fields, one per line. */
void network_put_fields(const dm_network *network);

/* A table with one network per row. */
void network_table_begin(struct table *table);
void network_put_row(struct table *table, const dm_network *network);

#endif

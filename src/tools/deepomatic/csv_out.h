/* Writes CSV (RFC 4180, but with a line feed at the end of a row) to standard output. */
#ifndef CLI_CSV_OUT_H
#define CLI_CSV_OUT_H

#include <deepomatic.h>

/* The first row: the names of the columns. */
void csv_put_header(void);

/* One row for each label; one row without a label if there is none. */
void csv_put_inference(const char *name, const dm_inference *inference);

void csv_put_failure(const char *name, const char *message);

#endif

/* Aligned tables on standard output. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table {
    const char *const *titles; /* one for each column; NULL: no titles */
    size_t column_count;
    char **cells; /* row by row; NULL is an empty cell */
    size_t row_count;
    size_t row_capacity;
};

/* `titles` is borrowed. Empty columns are not printed, and a table without rows is not printed at all. */
void table_begin(struct table *table, const char *const *titles, size_t column_count);

/* Adds a row of empty cells. */
void table_row(struct table *table);

/* Sets a cell of the last row, which must be empty. NULL leaves it empty. */
void table_set(struct table *table, size_t column, const char *text);
__attribute__((format(printf, 3, 4))) void table_setf(struct table *table, size_t column, const char *format, ...);

/* Adds a row with a name and a value. Does nothing if the value is NULL. */
void table_field(struct table *table, const char *name, const char *text);
void table_integer_field(struct table *table, const char *name, const int64_t *value);
void table_json_field(struct table *table, const char *name, const char *json);

/* Prints the table, with `indent` before each line, and frees it. */
void table_end(struct table *table, const char *indent);

#endif

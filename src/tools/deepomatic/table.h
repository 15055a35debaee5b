/* Aligned tables for people, on standard output. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table {
    const char *const *titles; /* one for each column; NULL: a table without titles */
    size_t column_count;
    char **cells; /* row by row; NULL is an empty cell */
    size_t row_count;
    size_t row_capacity;
};

/* `titles` is borrowed. Columns that stay empty are not shown, nor are the titles of a table without rows. */
void table_begin(struct table *table, const char *const *titles, size_t column_count);

/* Begins a row of empty cells. */
void table_row(struct table *table);

/* Fills a cell of the last row, once. NULL leaves it empty. */
void table_set(struct table *table, size_t column, const char *text);
__attribute__((format(printf, 3, 4))) void table_setf(struct table *table, size_t column, const char *format, ...);

/* A row of two cells, a name and its value: nothing at all if the value is NULL. */
void table_field(struct table *table, const char *name, const char *text);
void table_integer_field(struct table *table, const char *name, const int64_t *value);
void table_json_field(struct table *table, const char *name, const char *json);

/* Prints the table, each line after `indent`, and frees it. */
void table_end(struct table *table, const char *indent);

#endif

#include "table.h"
#include "json_out.h"
#include "memory.h"
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The largest width of a column. A longer cell shifts only the rest of its own row. */
static const size_t max_column_width = 60;

void table_begin(struct table *table, const char *const *titles, size_t column_count)
{
    *table = (struct table){.titles = titles, .column_count = column_count};
}

void table_row(struct table *table)
{
    if (table->row_count == table->row_capacity) {
        table->row_capacity = 2 * table->row_capacity + 8;
        table->cells = memory_array(table->cells, table->row_capacity, table->column_count * sizeof table->cells[0]);
    }
    for (size_t i = 0; i < table->column_count; i++)
        table->cells[table->row_count * table->column_count + i] = NULL;
    table->row_count++;
}

void table_set(struct table *table, size_t column, const char *text)
{
    if (text != NULL)
        table->cells[(table->row_count - 1) * table->column_count + column] = memory_text(text);
}

void table_setf(struct table *table, size_t column, const char *format, ...)
{
    char text[128];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    table_set(table, column, text);
}

void table_field(struct table *table, const char *name, const char *text)
{
    if (text == NULL)
        return;
    table_row(table);
    table_set(table, 0, name);
    table_set(table, 1, text);
}

void table_integer_field(struct table *table, const char *name, const int64_t *value)
{
    if (value == NULL)
        return;
    table_row(table);
    table_set(table, 0, name);
    table_setf(table, 1, "%" PRId64, *value);
}

void table_json_field(struct table *table, const char *name, const char *json)
{
    char *compact = json != NULL ? json_compact(json) : NULL;

    table_field(table, name, compact);
    free(compact);
}

static size_t cell_width(const char *cell)
{
    return cell != NULL ? text_width(cell) : 0;
}

/* 0 for an empty column. */
static size_t column_width(const struct table *table, size_t column)
{
    size_t widest = 0;

    for (size_t row = 0; row < table->row_count; row++) {
        size_t width = cell_width(table->cells[row * table->column_count + column]);
        widest = width > widest ? width : widest;
    }
    size_t title = table->titles != NULL && widest > 0 ? text_width(table->titles[column]) : 0;
    widest = widest < max_column_width ? widest : max_column_width;
    return widest > title ? widest : title;
}

/* Prints two spaces between columns, and none at the end of the line. */
static void print_row(const char *indent, const char *const *cells, const size_t *widths, size_t column_count)
{
    size_t spaces = 0;

    fputs(indent, stdout);
    for (size_t column = 0; column < column_count; column++) {
        size_t width = cell_width(cells[column]);
        if (widths[column] == 0)
            continue;
        if (width > 0) {
            printf("%*s", (int)spaces, "");
            text_put(stdout, cells[column]);
            spaces = 0;
        }
        spaces += (widths[column] > width ? widths[column] - width : 0) + 2;
    }
    putchar('\n');
}

static void print(const struct table *table, const char *indent)
{
    size_t *widths = memory_array(NULL, table->column_count, sizeof widths[0]);

    for (size_t column = 0; column < table->column_count; column++)
        widths[column] = column_width(table, column);
    if (table->titles != NULL && table->row_count > 0)
        print_row(indent, table->titles, widths, table->column_count);
    for (size_t row = 0; row < table->row_count; row++)
        print_row(indent, (const char *const *)&table->cells[row * table->column_count], widths, table->column_count);
    free(widths);
}

void table_end(struct table *table, const char *indent)
{
    print(table, indent);
    for (size_t i = 0; i < table->row_count * table->column_count; i++)
        free(table->cells[i]);
    free(table->cells);
}

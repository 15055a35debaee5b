#include "books.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PRINTED = 20 };

void books_open(struct books *books, size_t inference_count, size_t pair_count)
{
    *books = (struct books){.inference_count = inference_count, .pair_count = pair_count};
    books->pairs = malloc(pair_count + 1);
    books->found = malloc((pair_count + 1) * sizeof *books->found);
    if (books->pairs == NULL || books->found == NULL)
        abort();
    /* The memory is written to at once, so that it does not count as growth later. */
    memset(books->pairs, PAIR_UNTRIED, pair_count + 1);
    memset(books->found, false, (pair_count + 1) * sizeof *books->found);
}

void books_close(struct books *books)
{
    free(books->pairs);
    free(books->found);
}

void books_complain(struct books *books, const char *format, ...)
{
    char line[1024];
    va_list arguments;

    if (atomic_fetch_add(&books->complaints, 1) >= MAX_PRINTED)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "WRONG: %s\n", line);
}

size_t books_count(const struct books *books, enum pair_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < books->pair_count; i++)
        count += books->pairs[i] == state;
    return count;
}

size_t books_found(const struct books *books)
{
    size_t count = 0;

    for (size_t i = 0; i < books->pair_count; i++)
        count += books->found[i];
    return count;
}

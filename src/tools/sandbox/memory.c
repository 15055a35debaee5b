#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void *demand(void *memory)
{
    if (memory == NULL) {
        fputs("deepomatic-sandbox: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *memory_new(size_t count, size_t size)
{
    return demand(calloc(count > 0 ? count : 1, size));
}

/* Not every system has reallocarray. */
void *memory_resize(void *old, size_t count, size_t size)
{
    const size_t wanted = count > 0 ? count : 1;

    return demand(size <= SIZE_MAX / wanted ? realloc(old, wanted * size) : NULL);
}

char *memory_format(const char *format, ...)
{
    char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    return demand(text);
}

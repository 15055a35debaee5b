#include "memory.h"
#include "report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

noreturn void memory_exhausted(void)
{
    report("out of memory");
    exit(STATUS_FAILED);
}

/* Not every system has reallocarray. */
void *memory_array(void *old, size_t count, size_t size)
{
    const size_t wanted = count != 0 ? count : 1;
    void *array = size <= SIZE_MAX / wanted ? realloc(old, wanted * size) : NULL;

    if (array == NULL)
        memory_exhausted();
    return array;
}

char *memory_text(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(memory_array(NULL, size, 1), text, size);
}

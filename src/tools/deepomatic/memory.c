#include "memory.h"
#include "report.h"

#include <stdlib.h>
#include <string.h>

noreturn void memory_exhausted(void)
{
    report("out of memory");
    exit(STATUS_FAILED);
}

void *memory_array(void *old, size_t count, size_t size)
{
    void *array = reallocarray(old, count != 0 ? count : 1, size);

    if (array == NULL)
        memory_exhausted();
    return array;
}

char *memory_text(const char *text)
{
    size_t size = strlen(text) + 1;

    return memcpy(memory_array(NULL, size, 1), text, size);
}

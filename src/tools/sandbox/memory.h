/* Memory that is there, or the end: a test server has nothing better to do without memory. */
#ifndef SANDBOX_MEMORY_H
#define SANDBOX_MEMORY_H

#include <stddef.h>

/* Zeroed room for count items of size bytes; never NULL. */
void *memory_new(size_t count, size_t size);

/* Room for count items of size bytes that starts with what was at old; never NULL. */
void *memory_resize(void *old, size_t count, size_t size);

/* A new string made like printf makes it. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

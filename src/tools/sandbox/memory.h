/* Allocation. If there is no memory the program prints a message and aborts. */
#ifndef SANDBOX_MEMORY_H
#define SANDBOX_MEMORY_H

#include <stddef.h>

/* Like calloc; never returns NULL. */
void *memory_new(size_t count, size_t size);

/* Like reallocarray; never returns NULL. */
void *memory_resize(void *old, size_t count, size_t size);

/* Like asprintf; returns the string, never NULL. */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif

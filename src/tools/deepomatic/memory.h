/* Memory for small things. If there is none left, the program ends with a message. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stddef.h>
#include <stdnoreturn.h>

/* Ends the program with a message. */
noreturn void memory_exhausted(void);

/* Like reallocarray, but never returns NULL. */
void *memory_array(void *old, size_t count, size_t size);

/* Like strdup, but never returns NULL. */
char *memory_text(const char *text);

#endif

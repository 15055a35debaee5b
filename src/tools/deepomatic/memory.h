/* Memory for the program's own small things: there is some, or the program ends. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stddef.h>

/* As reallocarray, but ends the program with a message where that gives NULL. */
void *memory_array(void *old, size_t count, size_t size);

/* As strdup, likewise. */
char *memory_text(const char *text);

#endif

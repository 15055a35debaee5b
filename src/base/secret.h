/* Text that must not stay in freed memory. */
#ifndef DM_SECRET_H
#define DM_SECRET_H

#include <stddef.h>

/* Overwrites memory in a way that no compiler leaves out. */
void secret_wipe(void *memory, size_t size);

/* Overwrites a string and frees it. NULL does nothing. */
void secret_free(char *string);

#endif

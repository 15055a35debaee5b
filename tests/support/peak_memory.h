/* The peak resident memory of this process, as the kernel reports it. */
#ifndef SUPPORT_PEAK_MEMORY_H
#define SUPPORT_PEAK_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Resets the peak to the current resident memory. Returns false if the kernel does not support it. */
bool peak_memory_reset(void);

/* Gets the peak since the last reset, in bytes. Returns false if the kernel does not support it. */
bool peak_memory_read(size_t *bytes);

#endif

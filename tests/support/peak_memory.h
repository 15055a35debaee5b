/* The most memory that this process has had resident, by the kernel's own figures. */
#ifndef SUPPORT_PEAK_MEMORY_H
#define SUPPORT_PEAK_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Sets the peak back to what is resident now. False when the kernel does not offer it. */
bool peak_memory_reset(void);

/* The peak since the last reset, in bytes. False when the kernel does not offer it. */
bool peak_memory_read(size_t *bytes);

#endif

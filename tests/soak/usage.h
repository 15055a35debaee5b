/* This process's memory and descriptors, according to the kernel. */
#ifndef SOAK_USAGE_H
#define SOAK_USAGE_H

#include <stddef.h>

/* Resident memory in KiB, after free memory has been returned to the system. */
size_t usage_memory_kib(void);

/* Open file descriptors. */
size_t usage_descriptors(void);

#endif

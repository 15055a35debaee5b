/* This process's memory and descriptors, according to the kernel. */
#ifndef SOAK_USAGE_H
#define SOAK_USAGE_H

#include <stddef.h>

/* Resident memory in KiB, after everything that is free has been given back. */
size_t usage_memory_kib(void);

/* Open file descriptors. */
size_t usage_descriptors(void);

#endif

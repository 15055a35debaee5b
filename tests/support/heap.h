/* Prepares glibc's heap for memory measurements; does nothing with other C libraries. */
#ifndef SUPPORT_HEAP_H
#define SUPPORT_HEAP_H

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* All threads share one arena from here on. */
static inline void heap_use_one_arena(void)
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* Gives free memory back to the system. */
static inline void heap_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

#endif

/* Preloaded (LD_PRELOAD) into a measured program: counts the allocations of the whole process, including those of
 * libcurl and cJSON, and writes "CALLS BYTES" to the file BENCH_HEAP_FILE when it ends. It does not count calls of
 * free. */
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* The C library's own functions, which have these second names so that programs can replace the usual ones. */
/* NOLINTBEGIN(bugprone-reserved-identifier) */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
/* NOLINTEND(bugprone-reserved-identifier) */

static atomic_ullong calls;
static atomic_ullong bytes;

static void count(size_t size)
{
    atomic_fetch_add_explicit(&calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

void *malloc(size_t size)
{
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size)
{
    count(size);
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    count(size);
    *memory = __libc_memalign(alignment, size);
    return *memory == NULL ? ENOMEM : 0;
}

__attribute__((destructor)) static void write_figures(void)
{
    const unsigned long long counted_calls = atomic_load(&calls);
    const unsigned long long counted_bytes = atomic_load(&bytes);
    const char *path = getenv("BENCH_HEAP_FILE");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%llu %llu\n", counted_calls, counted_bytes);
    fclose(file);
}

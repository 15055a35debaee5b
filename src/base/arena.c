#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SMALLEST_CHUNK = 1024, LARGEST_GROWTH = 64 * 1024 };

struct chunk {
    struct chunk *older;
    size_t used;
    size_t size;
    alignas(max_align_t) unsigned char memory[];
};

struct arena {
    struct chunk *newest;
    struct arena *adopted;
    alignas(max_align_t) unsigned char root[];
};

static size_t align_up(size_t size)
{
    const size_t alignment = alignof(max_align_t);
    return (size + alignment - 1) / alignment * alignment;
}

struct arena *arena_new(size_t size)
{
    return calloc(1, sizeof(struct arena) + size);
}

void *arena_root(struct arena *arena)
{
    return arena->root;
}

struct arena *arena_of(void *root)
{
    return (struct arena *)((unsigned char *)root - offsetof(struct arena, root));
}

void arena_adopt(struct arena *arena, struct arena *other)
{
    arena->adopted = other;
}

void arena_free_root(void *root)
{
    if (root != NULL)
        arena_free(arena_of(root));
}

static void free_chunks(struct chunk *newest)
{
    while (newest != NULL) {
        struct chunk *older = newest->older;
        free(newest);
        newest = older;
    }
}

void arena_free(struct arena *arena)
{
    while (arena != NULL) {
        struct arena *adopted = arena->adopted;
        free_chunks(arena->newest);
        free(arena);
        arena = adopted;
    }
}

/* Chunks double, so that a small result costs one small allocation and a large one few. */
static struct chunk *add_chunk(struct arena *arena, size_t needed)
{
    size_t size = arena->newest == NULL ? SMALLEST_CHUNK : arena->newest->size * 2;
    if (size > LARGEST_GROWTH)
        size = LARGEST_GROWTH;
    if (size < needed)
        size = needed;
    struct chunk *added = calloc(1, sizeof(struct chunk) + size);
    if (added == NULL)
        return NULL;
    added->size = size;
    added->older = arena->newest;
    arena->newest = added;
    return added;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 2) / size)
        return NULL;
    const size_t needed = align_up(count * size);
    struct chunk *chunk = arena->newest;
    if (chunk == NULL || needed > chunk->size - chunk->used)
        chunk = add_chunk(arena, needed);
    if (chunk == NULL)
        return NULL;
    void *memory = chunk->memory + chunk->used;
    chunk->used += needed;
    return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    char *copy = length < SIZE_MAX ? arena_alloc(arena, length + 1, 1) : NULL;
    if (copy != NULL && length > 0)
        memcpy(copy, text, length);
    return copy;
}

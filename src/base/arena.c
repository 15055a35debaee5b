#include "base/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Chunks stay well below the size at which malloc maps new memory for each request. */
enum { SMALLEST_CHUNK = 1024, LARGEST_GROWTH = 64 * 1024 };

/* Objects are allocated from the front. Text, which needs no alignment, is allocated from the back. */
struct chunk {
    struct chunk *older;
    size_t size;
    size_t front; /* the free memory is between front and back */
    size_t back;
    alignas(max_align_t) unsigned char memory[];
};

struct arena {
    struct chunk *newest;
    struct arena *adopted;
    size_t expected;
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

void arena_expect(struct arena *arena, size_t size)
{
    arena->expected = size < LARGEST_GROWTH ? size : LARGEST_GROWTH;
}

/* Chunks double in size: a small result costs one small allocation, a large one only a few. */
static size_t next_chunk_size(const struct arena *arena, size_t needed)
{
    size_t size = arena->newest == NULL ? SMALLEST_CHUNK : arena->newest->size * 2;
    if (arena->newest == NULL && arena->expected > size)
        size = arena->expected;
    if (size > LARGEST_GROWTH)
        size = LARGEST_GROWTH;
    return size < needed ? needed : size;
}

static struct chunk *add_chunk(struct arena *arena, size_t needed)
{
    const size_t size = next_chunk_size(arena, needed);
    struct chunk *added = size < SIZE_MAX - sizeof(struct chunk) ? malloc(sizeof(struct chunk) + size) : NULL;
    if (added == NULL)
        return NULL;
    *added = (struct chunk){.older = arena->newest, .size = size, .back = size};
    arena->newest = added;
    return added;
}

/* Returns a chunk with enough room, or NULL if out of memory. */
static struct chunk *find_room(struct arena *arena, size_t needed)
{
    struct chunk *chunk = arena->newest;
    return chunk != NULL && needed <= chunk->back - chunk->front ? chunk : add_chunk(arena, needed);
}

static void *take(struct arena *arena, size_t size)
{
    const size_t needed = align_up(size);
    struct chunk *chunk = find_room(arena, needed);
    if (chunk == NULL)
        return NULL;
    void *memory = chunk->memory + chunk->front;
    chunk->front += needed;
    return memory;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > (SIZE_MAX / 2) / size)
        return NULL;
    void *memory = take(arena, count * size);
    return memory != NULL ? memset(memory, 0, count * size) : NULL;
}

void *arena_keep(struct arena *arena, const void *bytes, size_t size)
{
    void *memory = take(arena, size);
    return memory != NULL ? memcpy(memory, bytes, size) : NULL;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
    struct chunk *chunk = length < SIZE_MAX / 2 ? find_room(arena, length + 1) : NULL;
    if (chunk == NULL)
        return NULL;
    chunk->back -= length + 1;
    char *copy = (char *)chunk->memory + chunk->back;
    if (length > 0)
        memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

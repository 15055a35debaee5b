/* Memory for one result: it grows in chunks, nothing in it ever moves, and all of it ends at once. */
#ifndef DM_ARENA_H
#define DM_ARENA_H

#include <stddef.h>

struct arena;

/* Makes an arena whose root is a zeroed object of `size` bytes, which is what the caller of the library gets. */
struct arena *arena_new(size_t size);

void *arena_root(struct arena *arena);

/* Frees the arena whose root this is, and the root with it. NULL does nothing. */
void arena_free_root(void *root);

void arena_free(struct arena *arena);

/* The arena whose root this is. */
struct arena *arena_of(void *root);

/* Makes `other` end when `of` ends. An arena adopts one other at most. */
void arena_adopt(struct arena *arena, struct arena *other);

/* Announces how much will be needed, so that it can come in one piece. More, or less, is no mistake. */
void arena_expect(struct arena *arena, size_t size);

/* Zeroed memory for `count` objects of `size` bytes, aligned for any type; NULL if there is none. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* A copy of `size` bytes, aligned for any type. */
void *arena_keep(struct arena *arena, const void *bytes, size_t size);

/* A copy of `length` bytes of text, with a NUL behind it. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

#endif

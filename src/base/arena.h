/* Memory for one result. It grows in chunks, never moves an object, and is freed as a whole. */
#ifndef DM_ARENA_H
#define DM_ARENA_H

#include <stddef.h>

struct arena;

/* Makes an arena. Its root is a zeroed object of `size` bytes: the result that the library's caller gets. */
struct arena *arena_new(size_t size);

void *arena_root(struct arena *arena);

/* Frees the arena that `root` belongs to, including the root. NULL does nothing. */
void arena_free_root(void *root);

void arena_free(struct arena *arena);

/* Returns the arena that `root` belongs to. */
struct arena *arena_of(void *root);

/* Makes arena_free of `arena` free `other` too. An arena can adopt only one other arena. */
void arena_adopt(struct arena *arena, struct arena *other);

/* Says how much memory will probably be needed, so that it can be allocated as one chunk. This is only a hint. */
void arena_expect(struct arena *arena, size_t size);

/* Returns zeroed memory for `count` objects of `size` bytes, aligned for any type; NULL if out of memory. */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/* Returns a copy of `size` bytes, aligned for any type; NULL if out of memory. */
void *arena_keep(struct arena *arena, const void *bytes, size_t size);

/* Returns a copy of `length` bytes of text and appends a NUL; NULL if out of memory. */
char *arena_copy(struct arena *arena, const char *text, size_t length);

#endif

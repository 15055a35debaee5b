/* A page of a list whose items are decoded one by one, so that an invalid item does not prevent reading the others. */
#ifndef DM_CODEC_PAGE_H
#define DM_CODEC_PAGE_H

#include "base/failure.h"
#include "codec/reader.h"

struct page {
    struct reply reply; /* owned by the page */
    struct arena *arena;
    const char *next; /* the address of the next page; NULL on the last page */
    struct reader reader;
};

struct shape;

/* Checks a whole reply. If it is a page, takes ownership of the reply. */
bool page_open(struct page *page, struct reply *reply, struct failure *failure);

/* Reads the next item; free it with arena_free_root. *item is NULL after the last one. Returns false if the item is
 * invalid: the message contains its path, such as results[3].name, and the next call continues with the next item.
 * After DM_ERR_NO_MEMORY, the next call reads the same item again. */
bool page_next(struct page *page, const struct shape *shape, void **item, struct failure *failure);

void page_close(struct page *page);

#endif

/* A page of a list whose items are read one by one, so that one odd item does not cost the others. */
#ifndef DM_CODEC_PAGE_H
#define DM_CODEC_PAGE_H

#include "base/failure.h"
#include "codec/reader.h"

struct page {
    struct reply reply; /* the page's own */
    struct arena *arena;
    const char *next; /* the address of the next page; NULL: this is the last one */
    struct reader reader;
};

struct shape;

/* Checks the whole of a reply, and takes it over if it is a page. */
bool page_open(struct page *page, struct reply *reply, struct failure *failure);

/* Reads the next item, which arena_free_root frees; NULL after the last one. False if it is not as it should be: the
 * message has its path, such as results[3].name, and the next call goes on behind it. Only where there was no memory, it
 * tries the same item again. */
bool page_next(struct page *page, const struct shape *shape, void **item, struct failure *failure);

void page_close(struct page *page);

#endif

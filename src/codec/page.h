/* A page of a list whose items are read one by one, so that one odd item does not cost the others. */
#ifndef DM_PAGE_H
#define DM_PAGE_H

#include "base/failure.h"
#include "base/json_text.h"
#include "message/reply.h"

struct shape;

struct page {
    struct reply reply;
    struct arena *arena; /* of what the page itself holds */
    const char *next;    /* the link to the next page; NULL: there is none */
    struct json_slice results;
    struct json_slice item; /* the last one that was read */
    size_t index;           /* of the next item */
};

/* Checks a whole reply, and takes it over if it is a page. */
bool page_open(struct page *page, struct reply *reply, struct failure *failure);
void page_close(struct page *page);

/* Reads the next item, in an arena of its own; *item is NULL behind the last one. On a bad item false, and the next call
 * goes on behind it. */
bool page_next(struct page *page, const struct shape *shape, void **item, struct failure *failure);

#endif

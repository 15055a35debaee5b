/* All items of a list, page after page, whatever they are. One step is one call: its time and its attempts cover all that
 * it sends. */
#ifndef DM_ITERATOR_H
#define DM_ITERATOR_H

#include "client/call.h"
#include "codec/page.h"

struct iterator {
    dm_client *client;
    const struct shape *item; /* what the list is made of */
    struct text target;       /* of the page at hand, or of the first one */
    bool has_page;            /* `page` is the one at `target` */
    struct page page;
    void *given;          /* the item that the caller has; NULL: none */
    struct text landmark; /* a link that was passed before */
    size_t steps;         /* since then */
    size_t patience;
};

/* Makes an object of `size` bytes, which begins with an iterator over the list that the call's request is for. Nothing is
 * sent. NULL if it has failed. */
void *iterator_new(struct call *call, size_t size, const struct shape *item);

/* The next item with DM_OK, which lives until the next step; NULL with DM_DONE behind the last one. `item_name` is what the
 * caller calls *item. */
dm_status iterator_next(struct iterator *iterator, const dm_call_options *options, const void **item,
                        const char *item_name, dm_error *error);

/* Frees the object that begins with it. NULL does nothing. */
void iterator_free(struct iterator *iterator);

#endif

/* Iterates over all items of a list, page by page. One step is one call: its deadline and its attempts cover all
 * requests of the step. A pointer to a dm_spec_iter, a dm_network_iter or a dm_version_iter points to an iterator. */
#ifndef DM_ITERATOR_H
#define DM_ITERATOR_H

#include "client/call.h"
#include "codec/page.h"

struct iterator {
    dm_client *client;
    const struct shape *item; /* shape of the items */
    struct text target;       /* of the current page, or of the first one */
    bool has_page;            /* `page` holds the page at `target` */
    struct page page;
    void *given;          /* the item that was returned last; NULL: none */
    struct text landmark; /* an earlier link */
    size_t steps;         /* steps since the landmark */
    size_t patience;
};

/* Makes an iterator the call's result, for the list in call->request. Sends nothing. */
void iterator_new(struct call *call, const struct shape *item);

/* Returns DM_OK and the next item, which is valid until the next step; or DM_DONE and NULL after the last one. `item`
 * is the address of the application's pointer to the item, and `name` its name in messages. */
dm_status iterator_next(struct iterator *iterator, const char *name, void *item, const dm_call_options *options,
                        dm_error *error);

/* NULL does nothing. */
void iterator_free(struct iterator *iterator);

#endif

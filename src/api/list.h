/* What all lists share: the query for their first page, and the way to the next one. The next page is asked for on the
 * API's own path: of a link only the query counts, for behind a gateway its host and its path may be another's. */
#ifndef DM_LIST_H
#define DM_LIST_H

#include "client/call.h"

/* Appends offset and limit to the call's request. options may be NULL. */
void list_append_query(struct call *call, const dm_page_options *options);

/* Replaces the query of a request's target by that of a link. False if the link has none. */
bool list_set_query(struct text *target, const char *link, struct failure *failure);

/* Makes the call's request a GET of the page that a link leads to; DM_DONE if the link is NULL. The link's path must end
 * with one of these, in which '#' stands for digits. */
void list_follow(struct call *call, const char *link, const char *const *paths, size_t path_count);

/* Sends the call's request, reads the reply as a page and stores it in *out, whose type goes with the shape. */
#define LIST_RECEIVE(call, shape, out)                                                                                 \
    do {                                                                                                               \
        call_send(call);                                                                                               \
        CALL_RECEIVE(call, shape, out);                                                                                \
        if (call_is_well(call) && !list_complete_link(call, *(out), &(*(out))->next)) {                                \
            arena_free_root(*(out));                                                                                   \
            *(out) = NULL;                                                                                             \
        }                                                                                                              \
    } while (0)

/* Makes a link that leads elsewhere, or has no path, one to where the request went, in the page's memory. False if it has
 * failed. */
bool list_complete_link(struct call *call, void *page, const char **link);

#endif

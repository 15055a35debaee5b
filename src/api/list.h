/* The common parts of all lists: the query for the first page, and the link to the next one. Only the query of a link
 * is used, with the API's own path: behind a gateway, the link's host and path may be different ones. */
#ifndef DM_LIST_H
#define DM_LIST_H

#include "client/call.h"

/* Appends offset and limit to the call's request. options may be NULL. */
void list_append_query(struct call *call, const dm_page_options *options);

/* Replaces the query of a request's target with that of a link. Returns false if the link has none. */
bool list_set_query(struct text *target, const char *link, struct failure *failure);

/* Makes the call's request a GET of the page at `link`; DM_DONE if link is NULL. The path of the link must end with one
 * of `paths`, in which '#' stands for digits. */
void list_follow(struct call *call, const char *link, const char *const *paths, size_t path_count);

/* Sends the call's request, decodes the reply as a page and stores it in *out, whose type must match the shape. */
#define LIST_RECEIVE(call, shape, out)                                                                                 \
    do {                                                                                                               \
        call_send(call);                                                                                               \
        CALL_RECEIVE(call, shape, out);                                                                                \
        if (call_is_well(call) && !list_complete_link(call, *(out), &(*(out))->next)) {                                \
            arena_free_root(*(out));                                                                                   \
            *(out) = NULL;                                                                                             \
        }                                                                                                              \
    } while (0)

/* If the path of a link is not the request's own, replaces the link by the request's path with the link's query, in the
 * page's memory. Returns false on failure. */
bool list_complete_link(struct call *call, void *page, const char **link);

#endif

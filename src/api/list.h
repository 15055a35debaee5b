/* The common parts of all lists: the query for the first page, and the link to the next one. Only the query of a link
 * is used, with the API's own path: behind a gateway, the link's host and path may be different ones. */
#ifndef DM_LIST_H
#define DM_LIST_H

#include "client/call.h"

/* What a list consists of. */
struct list {
    const struct shape *page;
    size_t next_offset; /* of the page's member that is the link to the next page */
    char paths[2][32];  /* of the list and of its other form; '#' stands for digits */
};

/* Appends offset and limit to the call's request. options may be NULL. */
void list_append_query(struct call *call, const dm_page_options *options);

/* Like call_exchange, for the first page of the list whose path is in the call's request. options may be NULL. */
void list_exchange(struct call *call, const struct list *list, const dm_page_options *options);

/* Like call_exchange, for the page after this one; DM_DONE if this is the last one. */
void list_exchange_next(struct call *call, const struct list *list, const void *page);

/* Replaces the query of a request's target with that of a link. Returns false if the link has none. `subject` is the
 * request whose reply has the link, for the message; NULL if it is not known. */
bool list_set_query(struct text *target, const char *link, const char *subject, struct failure *failure);

/* Makes the call's request a GET of the page at `link`; DM_DONE if link is NULL. The path of the link must end with one
 * of the list's paths. */
void list_follow(struct call *call, const struct list *list, const char *link);

/* If the path of a link is not the request's own, replaces the link by the request's path with the link's query, in the
 * page's memory. Returns false on failure. */
bool list_complete_link(struct call *call, void *page, const char **link);

#endif

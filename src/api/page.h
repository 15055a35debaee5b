/* What all lists share: their query, and their links. */
#ifndef DM_PAGE_H
#define DM_PAGE_H

#include "client/call.h"

enum { MAX_EMPTY_PAGES = 100 }; /* in a row, before a list counts as endless */

dm_status page_check_options(const dm_page_options *options, dm_error *error);

/* Appends offset and limit to the call's request. options may be NULL. */
void page_append_query(struct call *call, const dm_page_options *options);

/* Makes the call's request a GET of a page link; DM_DONE if the link is NULL. */
void page_follow(struct call *call, const char *link);

/* A call that is made of several, which have its time together: when it ends, and the options for the next of them. */
int64_t page_deadline(dm_client *client, const dm_call_options *options);
dm_call_options page_rest_of_call(const dm_call_options *options, int64_t deadline);

/* The way through a list, to notice when its pages lead in a circle. */
struct page_trail {
    struct text landmark; /* a link that was passed before */
    size_t steps;         /* since then */
    size_t patience;
};

void page_trail_init(struct page_trail *trail);
void page_trail_free(struct page_trail *trail);

/* Goes on to the page behind this link; NULL: there is none. */
dm_status page_trail_pass(struct page_trail *trail, const char *next, dm_error *error);

#endif

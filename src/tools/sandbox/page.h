/* Pages of results: limit and offset, as Django REST framework's LimitOffsetPagination. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sandbox.h"

/* The records that a list is about, in its order. */
struct selection {
    const struct record **records;
    size_t count;
};

void selection_add(struct selection *selection, const struct record *record);
void selection_add_all(struct selection *selection, const struct table *table);

/* Makes the object that a list shows of a record. */
typedef json_object *record_view(const struct sandbox *sandbox, const struct record *record);

/* Answers with the page that the request asks for, and clears the selection. */
void page_reply(struct sandbox *sandbox, const struct request *request, struct selection *selection, record_view *view,
                struct reply *reply);

#endif

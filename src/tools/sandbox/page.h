/* Pages of results, with limit and offset as in Django REST framework's LimitOffsetPagination. */
#ifndef SANDBOX_PAGE_H
#define SANDBOX_PAGE_H

#include "sandbox.h"

/* All records of a list, in order. */
struct selection {
    const struct record **records;
    size_t count;
};

void selection_add(struct selection *selection, const struct record *record);
void selection_add_all(struct selection *selection, const struct table *table);

/* Creates the object that a list shows for a record. */
typedef json_object *record_view(const struct sandbox *sandbox, const struct record *record);

/* Answers with the requested page of the selection, and clears the selection. */
void page_reply(struct sandbox *sandbox, const struct request *request, struct selection *selection, record_view *view,
                struct reply *reply);

#endif

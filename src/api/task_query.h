/* Polls many tasks with one request: makes the request, follows the pages of the answer, and limits the number of
 * ids. */
#ifndef DM_TASK_QUERY_H
#define DM_TASK_QUERY_H

#include "api/task_table.h"
#include "client/call.h"

struct task_query {
    size_t count;     /* number of tasks asked for */
    int followed;     /* number of links followed so far */
    struct text link; /* to the next page, from decode_task_page; empty: there is none */
};

void task_query_init(struct task_query *query);
void task_query_free(struct task_query *query);

/* Takes the next pending tasks of the table, starting at position *at, as many as fit into one request. */
size_t task_query_take(const struct call *call, struct task_table *table, size_t *at, size_t batch[MAX_BATCH]);

/* Starts the call's request for these tasks. */
void task_query_begin(struct task_query *query, struct call *call, struct task_table *table, const size_t *indices,
                      size_t count);

/* Starts the request for the next page: a page may be smaller than requested. Returns false if there is none, or if the
 * call has failed. */
bool task_query_follow(struct task_query *query, struct call *call);

/* Returns true if the service rejected the request as a whole, possibly because of a single id. */
bool task_query_was_refused(const struct call *call);

/* Returns true if the answer cannot be read as a whole, possibly because of a single task, or because the tasks are too
 * large together: it is larger than max_response_bytes, or an object that is not valid JSON, or no task in it has a
 * valid id. */
bool task_query_was_unreadable(const struct task_query *query, const struct call *call, const struct task_table *table);

#endif

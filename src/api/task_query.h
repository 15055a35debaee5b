/* Asking for many tasks at once: the request, the pages of the answer, and how many ids fit. */
#ifndef DM_TASK_QUERY_H
#define DM_TASK_QUERY_H

#include "api/task_table.h"
#include "client/call.h"

struct task_query {
    size_t count;     /* of the tasks that were asked for */
    int followed;     /* links so far */
    struct text link; /* to the next page, as decode_task_page writes it; empty: there is none */
};

void task_query_init(struct task_query *query);
void task_query_free(struct task_query *query);

/* Takes the next of the table's pending tasks from position *at on, as many as one request can ask for. */
size_t task_query_take(const struct call *call, struct task_table *table, size_t *at, size_t batch[MAX_BATCH]);

/* Begins the call's request for these tasks. */
void task_query_begin(struct task_query *query, struct call *call, const struct task_table *table,
                      const size_t *indices, size_t count);

/* A page may be smaller than was asked for: begins the request for the next one. False if there is none, or if the call has
 * failed. */
bool task_query_follow(struct task_query *query, struct call *call);

/* True if the service refuses the request as a whole: perhaps for one of the ids only. */
bool task_query_was_refused(const struct call *call);

#endif

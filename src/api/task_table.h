/* The tasks of a call that are awaited, and which of them to poll next. Pure functions. */
#ifndef DM_TASK_TABLE_H
#define DM_TASK_TABLE_H

#include <deepomatic.h>

struct arena;

enum { MAX_BATCH = 100 }; /* the most ids in one request */

/* What is known about one task from the replies. */
struct task_state {
    bool is_seen; /* in the current batch */
    unsigned char misses;
};

/* The tasks of a call, in the order of the caller's ids. */
struct task_table {
    dm_task *tasks; /* borrowed */
    size_t count;
    bool keep_pending;         /* pending tasks are returned too */
    int max_misses;            /* rounds in which an id may be unknown to the service before it counts as missing */
    const dm_task **sorted;    /* sorted by id, for binary search */
    struct task_state *states; /* one for each task */
    size_t nameless;           /* number of items of the current query that had no valid id */
};

/* Makes all tasks pending; their ids must already be set. Returns false if out of memory. */
bool task_table_init(struct task_table *table, dm_task *tasks, size_t count);
void task_table_free(struct task_table *table);

/* Takes the ids of pending tasks, starting at position *at, each id once. Takes at most MAX_BATCH, and only as many as
 * fit into max_bytes if each id needs `overhead` more bytes, but at least one. Returns their number: 0 at the end of
 * the round. */
size_t task_table_take_batch(struct task_table *table, size_t *at, size_t overhead, size_t max_bytes,
                             size_t batch[MAX_BATCH]);

/* Returns where to store a task; NULL: nowhere. This is a decode_task_slot whose context is the table. */
dm_task *task_table_slot(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena);

/* Ends a batch that was answered completely. Ids without an answer count as missed. If some answer had no valid id, a
 * missed task is unreadable instead of missing. */
void task_table_end_batch(struct task_table *table, const size_t *batch, size_t batch_count);

/* Returns the number of pending tasks. */
size_t task_table_pending(const struct task_table *table);

/* Copies each task to all places of its id, if the caller passed an id several times. */
void task_table_copy_repeated(struct task_table *table);

#endif

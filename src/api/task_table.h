/* Which of many tasks are awaited, and which of them to ask for next. Pure. */
#ifndef DM_TASK_TABLE_H
#define DM_TASK_TABLE_H

#include <deepomatic.h>

enum { MAX_BATCH = 100 }; /* ids that one request may ask for */

/* The tasks of a call, in the order of the caller's ids. */
struct task_table {
    const dm_task_id *ids;
    dm_task *tasks; /* one for each id; borrowed */
    size_t count;
    bool keep_pending;         /* pending tasks are wanted, too */
    int max_misses;            /* rounds in which the service may not know an id before it counts as missing */
    const dm_task_id **sorted; /* by the ids' text, so that an id is found fast */
    unsigned char *misses;
    bool *seen; /* in the batch at hand */
};

/* Makes all tasks pending. False if there is no memory. */
bool task_table_init(struct task_table *table, const dm_task_id *ids, dm_task *tasks, size_t count);
void task_table_free(struct task_table *table);

/* Takes up to MAX_BATCH ids of pending tasks from position *at on, each id once, whose texts with `overhead` bytes each
 * have at most max_bytes together; but at least one. 0 at the end of the round. */
size_t task_table_take_batch(struct task_table *table, size_t *at, size_t overhead, size_t max_bytes,
                             size_t batch[MAX_BATCH]);

/* Where the task of this id and status is to be put; NULL: nowhere. Fits decode_task_slot, whose context is the table. */
dm_task *task_table_slot(void *context, const dm_task_id *id, dm_task_status status);

/* Ends a batch that was answered wholly: what the service did not know counts as missed. */
void task_table_end_batch(struct task_table *table, const size_t *batch, size_t batch_count);

/* How many tasks are pending. */
size_t task_table_pending(const struct task_table *table);

/* Gives each task that was asked for twice to both places. */
void task_table_copy_repeated(struct task_table *table);

#endif

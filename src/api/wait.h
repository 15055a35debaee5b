/* Which of many tasks are awaited, and when to ask for them next. Pure. */
#ifndef DM_WAIT_H
#define DM_WAIT_H

#include <deepomatic.h>

enum { WAIT_BATCH = 100 }; /* the most ids that one request may ask for */

/* The pause before the round-th question (from 0): the first one comes early, the others at growing intervals. The
 * fraction is random, from 0 up to 1. */
int64_t wait_delay(int64_t first_ms, int64_t longest_ms, int round, double fraction);

/* The tasks of a call, in the order of the caller's ids. */
struct task_table {
    const dm_task_id *ids;
    dm_task *tasks; /* one for each id; borrowed */
    size_t count;
    bool keep_pending;         /* pending tasks are wanted, too */
    int most_misses;           /* rounds in which the service may not know an id before it counts as missing */
    const dm_task_id **sorted; /* by the ids' text, so that an id is found fast */
    unsigned char *misses;
    bool *seen; /* in the batch at hand */
};

/* Makes all tasks pending. False if there is no memory. */
bool task_table_init(struct task_table *list, const dm_task_id *ids, dm_task *tasks, size_t count);
void task_table_free(struct task_table *list);

/* Takes up to WAIT_BATCH ids of pending tasks from position *at on, each id once; 0 at the end of the round. */
size_t wait_take_batch(struct task_table *list, size_t *at, size_t batch[WAIT_BATCH]);

/* Where the task of this id and status is to be put; NULL: nowhere. Fits decode_task_slot. */
dm_task *wait_slot(void *list, const dm_task_id *id, dm_task_status status);

/* Ends a batch that was answered wholly: what the service did not know counts as missed. */
void wait_end_batch(struct task_table *list, const size_t *batch, size_t batch_count);

/* How many tasks are pending. */
size_t wait_pending(const struct task_table *list);

/* Gives each task that was asked for twice to both places. */
void wait_copy_repeated(struct task_table *list);

#endif

#include "api/task_table.h"

#include <stdlib.h>
#include <string.h>

/* Orders by the id's text, then by position, so that the first of equal ids comes first. */
static int compare_ids(const void *a, const void *b)
{
    const dm_task *first = *(const dm_task *const *)a;
    const dm_task *second = *(const dm_task *const *)b;
    const int order = strcmp(first->id.text, second->id.text);
    return order != 0 ? order : (first > second) - (first < second);
}

static void sort(const struct task_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        table->sorted[i] = &table->tasks[i];
    qsort(table->sorted, table->count, sizeof *table->sorted, compare_ids);
}

static size_t index_of(const struct task_table *table, size_t position)
{
    return (size_t)(table->sorted[position] - table->tasks);
}

bool task_table_init(struct task_table *table, dm_task *tasks, size_t count)
{
    *table = (struct task_table){.tasks = tasks, .count = count, .max_misses = 1};
    table->sorted = calloc(count, sizeof *table->sorted);
    table->states = calloc(count, sizeof *table->states);
    if (table->sorted == NULL || table->states == NULL) {
        task_table_free(table);
        *table = (struct task_table){0};
        return false;
    }
    for (size_t i = 0; i < count; i++)
        tasks[i] = (dm_task){.id = tasks[i].id, .status = DM_TASK_PENDING};
    sort(table);
    return true;
}

void task_table_free(struct task_table *table)
{
    free(table->sorted);
    free(table->states);
}

static bool is_repeated(const struct task_table *table, size_t position)
{
    return position > 0 && strcmp(table->sorted[position]->id.text, table->sorted[position - 1]->id.text) == 0;
}

size_t task_table_take_batch(struct task_table *table, size_t *at, size_t overhead, size_t max_bytes,
                             size_t batch[MAX_BATCH])
{
    size_t taken = 0;
    size_t bytes = 0;
    for (; *at < table->count && taken < MAX_BATCH; ++*at) {
        const size_t index = index_of(table, *at);
        if (table->tasks[index].status != DM_TASK_PENDING || is_repeated(table, *at))
            continue;
        bytes += overhead + strlen(table->tasks[index].id.text);
        if (taken > 0 && bytes > max_bytes)
            break;
        table->states[index].is_seen = false;
        batch[taken++] = index;
    }
    return taken;
}

/* Returns the first index with this id, or table->count if there is none. */
static size_t find(const struct task_table *table, const dm_task_id *id)
{
    size_t low = 0;
    size_t high = table->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(table->sorted[middle]->id.text, id->text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < table->count && strcmp(table->sorted[low]->id.text, id->text) == 0;
    return found ? index_of(table, low) : table->count;
}

dm_task *task_table_slot(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena)
{
    (void)arena;
    struct task_table *table = context;
    if (id == NULL) {
        table->nameless++;
        return NULL;
    }
    const size_t index = find(table, id);
    if (index == table->count || table->tasks[index].status != DM_TASK_PENDING)
        return NULL;
    const bool seen_before = table->states[index].is_seen;
    table->states[index] = (struct task_state){.is_seen = true};
    return status != DM_TASK_PENDING || (table->keep_pending && !seen_before) ? &table->tasks[index] : NULL;
}

static void miss(struct task_table *table, size_t index)
{
    dm_task *task = &table->tasks[index];
    if (++table->states[index].misses < table->max_misses)
        return;
    task->status = table->nameless > 0 ? DM_TASK_UNREADABLE : DM_TASK_MISSING;
    if (table->nameless > 0)
        task->error = "the reply has no task with this id, but one without a valid id";
}

void task_table_end_batch(struct task_table *table, const size_t *batch, size_t batch_count)
{
    for (size_t i = 0; i < batch_count; i++)
        if (!table->states[batch[i]].is_seen)
            miss(table, batch[i]);
}

/* Of several equal ids, only the first one is polled. */
size_t task_table_pending(const struct task_table *table)
{
    size_t pending = 0;
    size_t first = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (!is_repeated(table, i))
            first = index_of(table, i);
        pending += table->tasks[first].status == DM_TASK_PENDING;
    }
    return pending;
}

void task_table_copy_repeated(struct task_table *table)
{
    for (size_t i = 1; i < table->count; i++)
        if (is_repeated(table, i))
            table->tasks[index_of(table, i)] = table->tasks[index_of(table, i - 1)];
}

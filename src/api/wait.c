#include "api/wait.h"

#include <stdlib.h>
#include <string.h>

int64_t wait_delay(int64_t first_ms, int64_t longest_ms, int round, double fraction)
{
    if (round == 0)
        return first_ms < longest_ms ? first_ms : longest_ms;
    int64_t bound = first_ms;
    for (int i = 0; i < round && bound < longest_ms; i++)
        bound *= 2;
    if (bound > longest_ms)
        bound = longest_ms;
    const int64_t half = bound / 2;
    return half + (int64_t)((double)(bound - half) * fraction);
}

/* ---- The list ---- */

/* By the ids' text, and what is the same by position, so that the first of its kind stands first. */
static int compare_ids(const void *a, const void *b)
{
    const dm_task_id *first = *(const dm_task_id *const *)a;
    const dm_task_id *second = *(const dm_task_id *const *)b;
    const int order = strcmp(first->text, second->text);
    return order != 0 ? order : (first > second) - (first < second);
}

static void sort(const struct task_table *list)
{
    for (size_t i = 0; i < list->count; i++)
        list->sorted[i] = &list->ids[i];
    qsort(list->sorted, list->count, sizeof *list->sorted, compare_ids);
}

static size_t index_of(const struct task_table *list, size_t position)
{
    return (size_t)(list->sorted[position] - list->ids);
}

bool task_table_init(struct task_table *list, const dm_task_id *ids, dm_task *tasks, size_t count)
{
    *list = (struct task_table){.ids = ids, .tasks = tasks, .count = count, .most_misses = 1};
    list->sorted = calloc(count, sizeof *list->sorted);
    list->misses = calloc(count, sizeof *list->misses);
    list->seen = calloc(count, sizeof *list->seen);
    if (list->sorted == NULL || list->misses == NULL || list->seen == NULL) {
        task_table_free(list);
        *list = (struct task_table){0};
        return false;
    }
    for (size_t i = 0; i < count; i++)
        tasks[i] = (dm_task){.id = ids[i], .status = DM_TASK_PENDING};
    sort(list);
    return true;
}

void task_table_free(struct task_table *list)
{
    free(list->sorted);
    free(list->misses);
    free(list->seen);
}

static bool is_repeated(const struct task_table *list, size_t position)
{
    return position > 0 && strcmp(list->sorted[position]->text, list->sorted[position - 1]->text) == 0;
}

size_t wait_take_batch(struct task_table *list, size_t *at, size_t batch[WAIT_BATCH])
{
    size_t taken = 0;
    for (; *at < list->count && taken < WAIT_BATCH; ++*at) {
        const size_t index = index_of(list, *at);
        if (list->tasks[index].status != DM_TASK_PENDING || is_repeated(list, *at))
            continue;
        list->seen[index] = false;
        batch[taken++] = index;
    }
    return taken;
}

/* The first index with this id; list->count if there is none. */
static size_t find(const struct task_table *list, const dm_task_id *id)
{
    size_t low = 0;
    size_t high = list->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (strcmp(list->sorted[middle]->text, id->text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    const bool found = low < list->count && strcmp(list->sorted[low]->text, id->text) == 0;
    return found ? index_of(list, low) : list->count;
}

dm_task *wait_slot(void *of, const dm_task_id *id, dm_task_status status)
{
    struct task_table *list = of;
    const size_t index = find(list, id);
    if (index == list->count || list->tasks[index].status != DM_TASK_PENDING)
        return NULL;
    const bool seen_before = list->seen[index];
    list->seen[index] = true;
    list->misses[index] = 0;
    return status != DM_TASK_PENDING || (list->keep_pending && !seen_before) ? &list->tasks[index] : NULL;
}

void wait_end_batch(struct task_table *list, const size_t *batch, size_t batch_count)
{
    for (size_t i = 0; i < batch_count; i++) {
        const size_t index = batch[i];
        if (!list->seen[index] && ++list->misses[index] >= list->most_misses)
            list->tasks[index].status = DM_TASK_MISSING;
    }
}

/* The first of several with the same id answers for all of them. */
size_t wait_pending(const struct task_table *list)
{
    size_t pending = 0;
    size_t first = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!is_repeated(list, i))
            first = index_of(list, i);
        pending += list->tasks[first].status == DM_TASK_PENDING;
    }
    return pending;
}

void wait_copy_repeated(struct task_table *list)
{
    for (size_t i = 1; i < list->count; i++)
        if (is_repeated(list, i))
            list->tasks[index_of(list, i)] = list->tasks[index_of(list, i - 1)];
}

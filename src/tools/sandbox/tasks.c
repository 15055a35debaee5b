#include "tasks.h"

#include "clock.h"
#include "fields.h"
#include "json_tools.h"
#include "page.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_IDS = 100 };

/* Shows a task. Its result exists from the start, and is hidden until it is due. */
static json_object *task_view(const struct sandbox *sandbox, const struct record *task)
{
    json_object *pending;

    (void)sandbox;
    if (clock_milliseconds() >= task->due)
        return json_object_get(task->object);
    pending = json_without(task->object, "");
    json_object_object_add(pending, "status", json_object_new_string("pending"));
    json_object_object_add(pending, "error", NULL);
    json_share(pending, "date_updated", json_object_object_get(task->object, "date_created"));
    json_object_object_add(pending, "data", NULL);
    return pending;
}

void task_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *task = table_find(&sandbox->store.tasks, request->id);

    if (task != NULL)
        reply_json(reply, 200, task_view(sandbox, task));
    else
        reply_not_found(reply);
}

/* Reads the task_ids of the query. Returns NULL, or an error message. */
static const char *read_ids(const struct request *request, int64_t ids[MAX_IDS], size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < request->query.count; i++) {
        const struct field *argument = &request->query.items[i];

        if (strcmp(argument->name, "task_ids") != 0)
            continue;
        if (*count == MAX_IDS)
            return "At most 100 ids can be asked for in one request.";
        if (!value_digits(argument->value, &ids[*count]))
            return "A valid integer is required.";
        ++*count;
    }
    return NULL;
}

static int compare_falling(const void *a, const void *b)
{
    int64_t first = *(const int64_t *)a;
    int64_t second = *(const int64_t *)b;

    return (first < second) - (first > second);
}

/* The API promises no order. The newest task comes first, so that clients cannot rely on the order of their ids. */
static void select_tasks(const struct table *tasks, int64_t *ids, size_t count, struct selection *selection)
{
    qsort(ids, count, sizeof *ids, compare_falling);
    for (size_t i = 0; i < count; i++) {
        const struct record *task = table_find(tasks, ids[i]);

        if (task != NULL && (i == 0 || ids[i] != ids[i - 1]))
            selection_add(selection, task);
    }
}

static void select_all_tasks(const struct table *tasks, struct selection *selection)
{
    for (size_t i = tasks->count; i > 0; i--)
        selection_add(selection, &tasks->records[i - 1]);
}

void tasks_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};
    int64_t ids[MAX_IDS];
    size_t count;
    const char *error = read_ids(request, ids, &count);

    if (error != NULL) {
        json_object *errors = NULL;

        field_error(&errors, "task_ids", error);
        reply_json(reply, 400, errors);
        return;
    }
    if (count > 0)
        select_tasks(&sandbox->store.tasks, ids, count, &selection);
    else
        select_all_tasks(&sandbox->store.tasks, &selection);
    page_reply(sandbox, request, &selection, task_view, reply);
}

/* deepomatic tasks ... */
#include "commands.h"
#include "json_out.h"
#include "memory.h"
#include "name.h"
#include "show_inference.h"
#include "task_list.h"
#include "text.h"

#include <stdlib.h>

/* The name in the API, or "unreadable"; NULL for a task that the service does not know. */
static const char *status_name(dm_task_status status)
{
    switch (status) {
    case DM_TASK_PENDING:
        return "pending";
    case DM_TASK_SUCCESS:
        return "success";
    case DM_TASK_ERROR:
        return "error";
    case DM_TASK_UNREADABLE:
        return "unreadable";
    case DM_TASK_MISSING:
        break;
    }
    return NULL;
}

/* `image` is the name of the task's image, NULL if it is not known; here and below. */
static void put_json(const dm_task *task, const char *image)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
    if (image != NULL)
        name_put_json(&json, image);
    json_string(&json, "id", task->id.text);
    json_string(&json, "status", status_name(task->status));
    if (task->error != NULL)
        json_string(&json, "error", task->error);
    else
        json_null(&json, "error");
    json_string(&json, "date_created", task->date_created);
    json_string(&json, "date_updated", task->date_updated);
    if (task->data != NULL)
        json_verbatim(&json, "data", task->data);
    else
        json_null(&json, "data");
    json_close(&json, '}');
    json_end(&json);
}

/* For a task without predictions. It may have data of another kind. */
static void put_state(const char *heading, const dm_task *task)
{
    printf("%s: %s\n", heading, status_name(task->status));
    if (task->data != NULL) {
        char *data = json_compact(task->data);
        fputs("  ", stdout);
        text_put(stdout, data);
        putchar('\n');
        free(data);
    }
}

/* The image, or "task ID". The caller frees it. */
static char *heading_of(const dm_task *task, const char *image)
{
    char heading[sizeof task->id.text + 8];

    snprintf(heading, sizeof heading, "task %s", task->id.text);
    return image != NULL ? name_quote(image) : memory_text(heading);
}

static void put_text(const dm_task *task, const char *image)
{
    char *heading = heading_of(task, image);

    if (task->inference != NULL)
        inference_put_table(heading, task->inference);
    else
        put_state(heading, task);
    free(heading);
}

/* Reports a task that failed. "IMAGE: task ID ..." */
static enum exit_status report_task(const dm_task *task, const char *image, const char *state, const char *reason)
{
    char *quoted = name_quote(image != NULL ? image : "-");

    report("%s%stask %s%s%s", image != NULL ? quoted : "", image != NULL ? ": " : "", task->id.text, state, reason);
    free(quoted);
    return STATUS_FAILED;
}

/* Prints a task, and reports it if it failed or does not exist. */
static enum exit_status show(const struct cli *cli, const dm_task *task, const char *image)
{
    if (task->status == DM_TASK_MISSING)
        return report_task(task, image, " does not exist", "");
    if (options_has(cli->options, OPTION_JSON))
        put_json(task, image);
    else
        put_text(task, image);
    if (task->status == DM_TASK_UNREADABLE)
        return report_task(task, image, ": ", task->error);
    if (task->status == DM_TASK_ERROR)
        return report_task(task, image, " failed: ", task->error != NULL ? task->error : "no reason given");
    return STATUS_OK;
}

/* `images` are the names of the images; NULL: none is known. */
static enum exit_status show_all(const struct cli *cli, const dm_tasks *tasks, char *const *images)
{
    enum exit_status status = STATUS_OK;

    for (size_t i = 0; i < tasks->task_count && !ferror(stdout); i++)
        if (show(cli, &tasks->tasks[i], images != NULL ? images[i] : NULL) != STATUS_OK)
            status = STATUS_FAILED;
    return status;
}

enum exit_status tasks_get(const struct cli *cli)
{
    const struct operands *asked = cli->operands;
    dm_tasks *tasks = NULL;
    dm_error error;
    dm_status result = dm_task_list(cli->client, asked->task_ids, asked->task_count, &cli->call, &tasks, &error);
    enum exit_status status = report_call(result, &error);

    if (tasks != NULL)
        status = show_all(cli, tasks, NULL);
    dm_tasks_free(tasks);
    return status;
}

static enum exit_status wait_for(const struct cli *cli, const struct task_list *list)
{
    dm_tasks *tasks = NULL;
    dm_error error;
    dm_status result = dm_task_wait_all(cli->client, list->ids, list->count, &cli->call, &tasks, &error);
    enum exit_status status = report_call(result, &error);

    if (tasks != NULL)
        status = show_all(cli, tasks, list->images);
    if (tasks != NULL && tasks->pending_count > 0) {
        report("timed out: %zu of %zu tasks are still pending", tasks->pending_count, tasks->task_count);
        status = STATUS_FAILED;
    }
    dm_tasks_free(tasks);
    return status;
}

enum exit_status tasks_wait(const struct cli *cli)
{
    struct task_list list;
    enum exit_status status = STATUS_FAILED;

    if (task_list_read(cli, &list))
        status = wait_for(cli, &list);
    task_list_free(&list);
    return status;
}

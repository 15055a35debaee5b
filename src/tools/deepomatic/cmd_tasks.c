/* deepomatic tasks ... */
#include "commands.h"
#include "json_out.h"
#include "show_inference.h"
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

static void put_json(const dm_task *task)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
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

static void put_text(const dm_task *task)
{
    char heading[sizeof task->id.text + 8];

    snprintf(heading, sizeof heading, "task %s", task->id.text);
    if (task->inference != NULL)
        inference_put_table(heading, task->inference);
    else
        put_state(heading, task);
}

/* Prints a task, and reports it if it failed or does not exist. */
static enum exit_status show(const struct cli *cli, const dm_task *task)
{
    if (task->status == DM_TASK_MISSING) {
        report("task %s does not exist", task->id.text);
        return STATUS_FAILED;
    }
    if (options_has(cli->options, OPTION_JSON))
        put_json(task);
    else
        put_text(task);
    if (task->status == DM_TASK_UNREADABLE) {
        report("task %s: %s", task->id.text, task->error);
        return STATUS_FAILED;
    }
    if (task->status != DM_TASK_ERROR)
        return STATUS_OK;
    report("task %s failed: %s", task->id.text, task->error != NULL ? task->error : "no reason given");
    return STATUS_FAILED;
}

static enum exit_status show_all(const struct cli *cli, const dm_tasks *tasks)
{
    enum exit_status status = STATUS_OK;

    for (size_t i = 0; i < tasks->task_count && !ferror(stdout); i++)
        if (show(cli, &tasks->tasks[i]) != STATUS_OK)
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
        status = show_all(cli, tasks);
    dm_tasks_free(tasks);
    return status;
}

enum exit_status tasks_wait(const struct cli *cli)
{
    const struct operands *asked = cli->operands;
    dm_tasks *tasks = NULL;
    dm_error error;
    dm_status result = dm_task_wait_all(cli->client, asked->task_ids, asked->task_count, &cli->call, &tasks, &error);
    enum exit_status status = report_call(result, &error);

    if (tasks != NULL)
        status = show_all(cli, tasks);
    if (tasks != NULL && tasks->pending_count > 0) {
        report("timed out: %zu of %zu tasks are still pending", tasks->pending_count, tasks->task_count);
        status = STATUS_FAILED;
    }
    dm_tasks_free(tasks);
    return status;
}

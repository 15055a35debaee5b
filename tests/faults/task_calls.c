/* Calls about tasks. */
#include "calls.h"

static const dm_task_id task = {"123"};
static const dm_task_id tasks[] = {{"1"}, {"2"}, {"3"}, {"2"}};
enum { TASK_COUNT = 4, DIFFERENT_TASK_COUNT = 3 };

static dm_status end_task(struct fixture *fixture, dm_status status, dm_task *result)
{
    if (has_result(fixture, status, result))
        dm_task_free(result);
    return status;
}

static dm_status end_tasks(struct fixture *fixture, dm_status status, dm_tasks *result)
{
    if (has_result(fixture, status, result))
        dm_tasks_free(result);
    return status;
}

dm_status task_retrieve(struct fixture *fixture)
{
    dm_task *result = UNTOUCHED;
    const dm_status status = dm_task_retrieve(fixture->client, task, &fixture->call, &result, &fixture->error);
    return end_task(fixture, status, result);
}

dm_status task_wait(struct fixture *fixture)
{
    dm_task *result = UNTOUCHED;
    const dm_status status = dm_task_wait(fixture->client, task, &fixture->call, &result, &fixture->error);
    return end_task(fixture, status, result);
}

dm_status task_list(struct fixture *fixture)
{
    dm_tasks *result = UNTOUCHED;
    const dm_status status = dm_task_list(fixture->client, tasks, TASK_COUNT, &fixture->call, &result, &fixture->error);
    return end_tasks(fixture, status, result);
}

dm_status task_wait_all(struct fixture *fixture)
{
    dm_tasks *result = UNTOUCHED;
    const dm_status status =
        dm_task_wait_all(fixture->client, tasks, DIFFERENT_TASK_COUNT, &fixture->call, &result, &fixture->error);
    if (status == DM_OK && result->pending_count != 0)
        fixture->wrong = "some task is pending still";
    return end_tasks(fixture, status, result);
}

/* Shared by the tests of many tasks: pages of tasks, and the calls that request them. */
#ifndef API_MANY_TASKS_TEST_H
#define API_MANY_TASKS_TEST_H

#include <deepomatic.h>

#include "array.h"
#include "scene.h"
#include "test.h"

#include <stdio.h>

#define DONE(id)    "{\"id\":\"" id "\",\"status\":\"success\",\"data\":{\"outputs\":[]}}"
#define PENDING(id) "{\"id\":\"" id "\",\"status\":\"pending\"}"
#define FAILED(id)  "{\"id\":\"" id "\",\"status\":\"error\",\"error\":\"no image\"}"

static const dm_client_options quick = {.max_attempts = 1, .poll_delay_ms = 1, .max_poll_delay_ms = 5};

static inline void add_page(struct scene *scene, const char *next, const char *results)
{
    char body[1024];
    const char *quote = next != NULL ? "\"" : "";
    snprintf(body, sizeof body, "{\"count\":9,\"next\":%s%s%s,\"previous\":null,\"results\":[%s]}", quote,
             next != NULL ? next : "null", quote, results);
    scene_reply(scene, "200 OK", "", body);
}

static inline dm_status wait_all(struct scene *scene, const dm_task_id *ids, size_t count, const dm_call_options *call,
                                 dm_tasks **tasks)
{
    return scene_check(scene, dm_task_wait_all(scene->client, ids, count, call, tasks, &scene->error));
}

#endif

/* Shared by the tests of faults that real services have shown: replies, and the calls for many tasks. */
#ifndef API_FIELD_TEST_H
#define API_FIELD_TEST_H

#include <deepomatic.h>

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#define PAGE(next, results)  "{\"count\":9,\"next\":" next ",\"previous\":null,\"results\":[" results "]}"
#define LAST_PAGE(results)   PAGE("null", results)
#define SPEC(id)             "{\"id\":" id ",\"name\":\"s\",\"metadata\":{}}"
#define VERSION(id)          "{\"id\":" id ",\"spec_id\":42,\"network_id\":7}"
#define DONE(id)             "{\"id\":\"" id "\",\"status\":\"success\",\"error\":null,\"data\":{\"outputs\":[]}}"
#define SCORE(score)         "{\"label_id\":1,\"label_name\":\"dog\",\"score\":" score ",\"threshold\":0.5}"
#define LABELS_DATA(score)   "{\"outputs\":[{\"labels\":{\"predicted\":[" SCORE(score) "],\"discarded\":[]}}]}"
#define BAD_REQUEST_BODY     "{\"detail\":\"task 7 is not yours\"}"
#define BAD_REQUEST(scene)   scene_reply((scene), "400 Bad Request", "", BAD_REQUEST_BODY)
#define UNREADABLE_PAGE      LAST_PAGE("{\"id\":\"7\",\"status\":\"success\",\"data\":{\"x\":\"\\ud800\"}}")
#define GOOD(scene, body)    scene_reply((scene), "200 OK", "", (body))
#define NOT_THERE_YET(scene) scene_reply((scene), "404 Not Found", "", "")

enum { SMALL_BYTES = 1000 };

static const dm_client_options quick = {.poll_delay_ms = 1, .max_poll_delay_ms = 5};
static const dm_client_options small = {.poll_delay_ms = 1, .max_poll_delay_ms = 5, .max_response_bytes = SMALL_BYTES};

/* The two functions that retrieve many tasks. */
typedef dm_status ask_tasks(dm_client *client, const dm_task_id *ids, size_t id_count, const dm_call_options *call,
                            dm_tasks **tasks, dm_error *error);
static ask_tasks *const ways_to_ask[] = {dm_task_list, dm_task_wait_all};

static inline dm_tasks *ask(struct scene *scene, ask_tasks *way, const dm_task_id *ids, size_t count)
{
    dm_tasks *tasks = NULL;
    assert_status(scene_check(scene, way(scene->client, ids, count, NULL, &tasks, &scene->error)), DM_OK,
                  &scene->error);
    assert_int_equal(tasks->task_count, count);
    assert_int_equal(tasks->pending_count, 0);
    for (size_t i = 0; i < count; i++)
        assert_string_equal(tasks->tasks[i].id.text, ids[i].text);
    return tasks;
}

static inline void check_good(const dm_task *task)
{
    assert_int_equal(task->status, DM_TASK_SUCCESS);
    assert_non_null(task->inference);
    assert_null(task->error);
}

#endif

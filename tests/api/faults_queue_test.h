/* Helpers for tests of a queue whose service fails. There is only one connection, so requests are sent one after the
 * other. */
#ifndef API_FAULTS_QUEUE_TEST_H
#define API_FAULTS_QUEUE_TEST_H

#include "assert_status.h"
#include "scene.h"
#include "test.h"

#include <string.h>

#define PAGE(results) "{\"count\":1,\"next\":null,\"previous\":null,\"results\":[" results "]}"
#define TASK(id, status, error, data)                                                                                  \
    "{\"id\":\"" id "\",\"status\":\"" status "\",\"error\":" error ",\"data\":" data "}"
#define DONE(id)    TASK(id, "success", "null", "{\"outputs\":[]}")
#define PENDING(id) TASK(id, "pending", "null", "null")

static inline void good(struct scene *scene, const char *body)
{
    scene_reply(scene, "200 OK", "", body);
}

static inline dm_queue *open_queue(struct scene *scene, int64_t image_timeout_ms)
{
    const dm_queue_options options = {.max_connections = 1, .in_order = true, .image_timeout_ms = image_timeout_ms};
    dm_queue *queue = NULL;
    assert_status(dm_queue_new(scene->client, &options, &queue, &scene->error), DM_OK, &scene->error);
    return queue;
}

static inline void push(struct scene *scene, dm_queue *queue)
{
    const dm_input input = scene_image();
    assert_status(dm_queue_push_spec(queue, dm_public_spec("p"), &input, 1, NULL, NULL, &scene->error), DM_OK,
                  &scene->error);
}

/* Takes a result, and copies its error to the scene. */
static inline void expect(struct scene *scene, dm_queue *queue, dm_status status, const char *word)
{
    dm_result *result = NULL;
    assert_status(dm_queue_next(queue, NULL, &result, &scene->error), DM_OK, &scene->error);
    assert_status(result->status, status, &result->error);
    scene->error = result->error;
    dm_result_free(result);
    scene_check(scene, status);
    if (strstr(scene->error.message, word) == NULL)
        fail_msg("expected '%s' in the message, got: %s", word, scene->error.message);
}

static inline void end(struct scene *scene, dm_queue *queue)
{
    dm_result *result = NULL;
    assert_int_equal(dm_queue_next(queue, NULL, &result, NULL), DM_DONE);
    dm_queue_free(queue);
    scene_end(scene);
}

/* Pushes one image, and checks its result. The replies have been added before. */
static inline void run_one(struct scene *scene, int64_t timeout_ms, dm_status status, const char *word)
{
    scene_start(scene, NULL);
    dm_queue *queue = open_queue(scene, timeout_ms);
    push(scene, queue);
    expect(scene, queue, status, word);
    end(scene, queue);
}

#endif

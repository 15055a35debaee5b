/* Pages of tasks. Every second task is kept. json-c counts them. */
#include "check.h"
#include "results.h"
#include "shape.h"

#include "base/arena.h"
#include "codec/decode.h"

#include <stdlib.h>

enum { MAX_KEPT = 64 };

struct sink {
    size_t seen;
    size_t kept;
    dm_task tasks[MAX_KEPT];
};

static dm_task *take_each_second(void *context, const dm_task_id *id, dm_task_status status, struct arena **arena)
{
    struct sink *sink = context;
    (void)arena;
    if (id == NULL) {
        sink->seen++;
        return NULL;
    }
    claim_task_id(id);
    CLAIM(status != DM_TASK_MISSING && status >= DM_TASK_PENDING && status <= DM_TASK_UNREADABLE);
    return sink->seen++ % 2 == 0 && sink->kept < MAX_KEPT ? &sink->tasks[sink->kept++] : NULL;
}

static void claim_all_results_seen(const struct reply *reply, size_t seen)
{
    bool is_right = false;
    struct json_object *page = shape_parse(reply, &is_right);
    CLAIM(is_right);
    CLAIM(page == NULL || json_object_array_length(json_object_object_get(page, "results")) == seen);
    json_object_put(page);
}

static void claim_kept(const struct sink *sink)
{
    for (size_t i = 0; i < sink->kept; i++)
        claim_task(&sink->tasks[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply reply = exact_reply(data, size);
    struct arena *memory = arena_new(1);
    dm_error error;
    struct failure failure;
    struct sink sink = {0};
    struct text next;

    text_init(&next, TEXT_NO_LIMIT);
    failure_init(&failure, &error);
    const struct task_sink tasks = {&task_shape, memory, take_each_second, &sink};
    decode_task_page(&reply, &tasks, &next, &failure);
    if (failure.status == DM_OK) {
        claim_all_results_seen(&reply, sink.seen);
        claim_kept(&sink);
        claim_optional_text(next.data);
    } else {
        claim_bad_response(failure.status, &error);
    }
    text_free(&next);
    arena_free(memory);
    free(reply.body.data);
    return 0;
}

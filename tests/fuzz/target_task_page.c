/* Pages of tasks, of which each second one is kept. cJSON says how many there are. */
#include "check.h"
#include "results.h"

#include "base/arena.h"
#include "codec/decode.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

enum { MAX_KEPT = 64 };

struct sink {
    size_t seen;
    size_t kept;
    dm_task tasks[MAX_KEPT];
};

static dm_task *take_each_second(void *context, const dm_task_id *id, dm_task_status status)
{
    struct sink *sink = context;
    claim_task_id(id);
    CLAIM(status >= DM_TASK_PENDING && status <= DM_TASK_ERROR);
    return sink->seen++ % 2 == 0 && sink->kept < MAX_KEPT ? &sink->tasks[sink->kept++] : NULL;
}

static void claim_all_results_seen(const struct reply *reply, size_t seen)
{
    cJSON *page = cJSON_ParseWithLength(reply->body.data, reply->body.length);
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(page, "results");
    CLAIM(cJSON_IsArray(results));
    CLAIM((size_t)cJSON_GetArraySize(results) == seen);
    cJSON_Delete(page);
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
    dm_error error = {.status = DM_OK};
    struct sink sink = {0};
    struct text next;

    text_init(&next, TEXT_NO_LIMIT);
    const dm_status status = decode_task_page(&reply, memory, take_each_second, &sink, &next, &error);
    if (status == DM_OK) {
        claim_all_results_seen(&reply, sink.seen);
        claim_kept(&sink);
        claim_optional_text(next.data);
    } else {
        claim_bad_response(status, &error);
    }
    text_free(&next);
    arena_free(memory);
    free(reply.body.data);
    return 0;
}

/* Pages of tasks, of which each second one is kept. cJSON says how many there are. */
#include "check.h"
#include "results.h"

#include "base/arena.h"
#include "codec/decode.h"

#include <cjson/cJSON.h>
#include <stdlib.h>

enum { MOST_KEPT = 64 };

struct sink {
    size_t seen;
    size_t kept;
    dm_task tasks[MOST_KEPT];
};

static dm_task *take_each_second(void *context, const dm_task_id *id, dm_task_status status)
{
    struct sink *into = context;
    claim_task_id(id);
    CLAIM(status >= DM_TASK_PENDING && status <= DM_TASK_ERROR);
    return into->seen++ % 2 == 0 && into->kept < MOST_KEPT ? &into->tasks[into->kept++] : NULL;
}

static void claim_all_results_seen(const struct reply *from, size_t seen)
{
    cJSON *page = cJSON_ParseWithLength(from->body.data, from->body.length);
    const cJSON *results = cJSON_GetObjectItemCaseSensitive(page, "results");
    CLAIM(cJSON_IsArray(results));
    CLAIM((size_t)cJSON_GetArraySize(results) == seen);
    cJSON_Delete(page);
}

static void claim_kept(const struct sink *into)
{
    for (size_t i = 0; i < into->kept; i++)
        claim_task(&into->tasks[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply from = exact_reply(data, size);
    struct arena *memory = arena_new(1);
    dm_error error = {.status = DM_OK};
    struct sink into = {0};
    struct text next;

    text_init(&next, TEXT_NO_LIMIT);
    const dm_status status = decode_task_page(&from, memory, take_each_second, &into, &next, &error);
    if (status == DM_OK) {
        claim_all_results_seen(&from, into.seen);
        claim_kept(&into);
        claim_optional_text(next.data);
    } else {
        claim_bad_response(status, &error);
    }
    text_free(&next);
    arena_free(memory);
    free(from.body.data);
    return 0;
}

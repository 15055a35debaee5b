#include "check.h"
#include "results.h"
#include "shape.h"

#include "codec/decode.h"

#include <stdlib.h>

static const struct shape_rule rules[] = {{"task_id", SHAPE_TASK_ID, true}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply reply = exact_reply(data, size);
    dm_error error;
    struct failure failure;

    failure_init(&failure, &error);
    dm_task_id *id = decode(&reply, &submission_shape, &failure);
    const enum verdict verdict = shape_judge(&reply, rules, sizeof rules / sizeof rules[0]);
    CLAIM(verdict == VERDICT_UNKNOWN || (verdict == VERDICT_HOLDS) == (id != NULL));
    if (id != NULL)
        claim_task_id(id);
    else
        claim_bad_response(failure.status, &error);
    arena_free_root(id);
    free(reply.body.data);
    return 0;
}

#include "check.h"
#include "results.h"
#include "shape.h"

#include "codec/decode.h"

#include <stdlib.h>

static const struct shape_rule rules[] = {{"task_id", SHAPE_TASK_ID, true}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply reply = exact_reply(data, size);
    dm_task_id id = {""};
    dm_error error = {.status = DM_OK};

    const dm_status status = decode_task_id(&reply, &id, &error);
    CLAIM(shape_holds(&reply, rules, sizeof rules / sizeof rules[0]) == (status == DM_OK));
    if (status == DM_OK) {
        claim_task_id(&id);
    } else {
        CLAIM(id.text[0] == '\0');
        claim_bad_response(status, &error);
    }
    free(reply.body.data);
    return 0;
}

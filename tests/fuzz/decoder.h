/* The body of a fuzz target for a decoder. The result has a type dm_NOUN with a NOUN_shape, a claim_NOUN and a
 * dm_NOUN_free; the reply has a table of rules. `claim_same` compares the result with json-c's. */
#ifndef FUZZ_DECODER_H
#define FUZZ_DECODER_H

#include "check.h"
#include "results.h"
#include "shape.h"

#include "codec/decode.h"

#include <stdlib.h>

#define FUZZ_DECODER(noun, claim_same)                                                                                 \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                                       \
    {                                                                                                                  \
        const struct reply reply = exact_reply(data, size);                                                            \
        dm_error error;                                                                                                \
        struct failure failure;                                                                                        \
                                                                                                                       \
        failure_init(&failure, &error);                                                                                \
        dm_##noun *decoded = decode(&reply, &noun##_shape, &failure);                                                  \
        const enum verdict verdict = shape_judge(&reply, rules, sizeof rules / sizeof rules[0]);                       \
        CLAIM((decoded != NULL) == (failure.status == DM_OK));                                                         \
        CLAIM(verdict == VERDICT_UNKNOWN || (verdict == VERDICT_HOLDS) == (decoded != NULL));                          \
        if (decoded != NULL)                                                                                           \
            claim_##noun(decoded);                                                                                     \
        else                                                                                                           \
            claim_bad_response(failure.status, &error);                                                                \
        if (verdict == VERDICT_HOLDS) {                                                                                \
            bool is_right = false;                                                                                     \
            struct json_object *json = shape_parse(&reply, &is_right);                                                 \
            claim_same(json, decoded);                                                                                 \
            json_object_put(json);                                                                                     \
        }                                                                                                              \
        dm_##noun##_free(decoded);                                                                                     \
        free(reply.body.data);                                                                                         \
        return 0;                                                                                                      \
    }

#endif

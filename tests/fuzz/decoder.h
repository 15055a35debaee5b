/* The body of a target for a decoder whose result has a type dm_NOUN with a decode_NOUN, a claim_NOUN and a dm_NOUN_free, and whose
 * reply has a table of rules. */
#ifndef FUZZ_DECODER_H
#define FUZZ_DECODER_H

#include "check.h"
#include "results.h"
#include "shape.h"

#include "codec/decode.h"

#include <stdlib.h>

#define FUZZ_DECODER(noun)                                                                                             \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                                       \
    {                                                                                                                  \
        const struct reply reply = exact_reply(data, size);                                                            \
        dm_##noun *decoded = NULL;                                                                                     \
        dm_error error = {.status = DM_OK};                                                                            \
                                                                                                                       \
        const dm_status status = decode_##noun(&reply, &decoded, &error);                                              \
        CLAIM((decoded != NULL) == (status == DM_OK));                                                                 \
        CLAIM(shape_holds(&reply, rules, sizeof rules / sizeof rules[0]) == (status == DM_OK));                        \
        if (decoded != NULL)                                                                                           \
            claim_##noun(decoded);                                                                                     \
        else                                                                                                           \
            claim_bad_response(status, &error);                                                                        \
        dm_##noun##_free(decoded);                                                                                     \
        free(reply.body.data);                                                                                         \
        return 0;                                                                                                      \
    }

#endif

/* The body of a target for a decoder whose result has a type, a check and a free of its own, and a table of rules. */
#ifndef FUZZ_DECODER_H
#define FUZZ_DECODER_H

#include "check.h"
#include "results.h"
#include "shape.h"

#include "codec/decode.h"

#include <stdlib.h>

#define FUZZ_DECODER(type, decode, claim, release)                                                                     \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                                                       \
    {                                                                                                                  \
        const reply from = exact_reply(data, size);                                                                    \
        type *decoded = NULL;                                                                                          \
        dm_error error = {.status = DM_OK};                                                                            \
                                                                                                                       \
        const dm_status status = decode(&from, &decoded, &error);                                                      \
        CLAIM((decoded != NULL) == (status == DM_OK));                                                                 \
        CLAIM(shape_holds(&from, rules, sizeof rules / sizeof rules[0]) == (status == DM_OK));                         \
        if (decoded != NULL)                                                                                           \
            claim(decoded);                                                                                            \
        else                                                                                                           \
            claim_bad_response(status, &error);                                                                        \
        release(decoded);                                                                                              \
        free(from.body.data);                                                                                          \
        return 0;                                                                                                      \
    }

#endif

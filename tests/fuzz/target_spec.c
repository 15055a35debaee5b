#include "decoder.h"
#include "rules.h"

static const shape_rule rules[] = {RULES_SPEC("")};

FUZZ_DECODER(dm_spec, decode_spec, claim_spec, dm_spec_free)

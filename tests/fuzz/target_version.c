#include "decoder.h"
#include "rules.h"

static const shape_rule rules[] = {RULES_VERSION("")};

FUZZ_DECODER(dm_version, decode_version, claim_version, dm_version_free)

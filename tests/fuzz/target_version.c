#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_VERSION("")};

FUZZ_DECODER(version)

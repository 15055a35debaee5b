#include "decoder.h"
#include "rules.h"

static const shape_rule rules[] = {RULES_VERSION("")};

FUZZ_DECODER(version)

#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_PAGE, RULES_SPEC("results[].")};

FUZZ_DECODER(spec_page)

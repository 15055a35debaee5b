#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_PAGE, RULES_VERSION("results[].")};

FUZZ_DECODER(version_page)

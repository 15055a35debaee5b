#include "decoder.h"
#include "rules.h"

static const shape_rule rules[] = {RULES_PAGE, RULES_VERSION("results[].")};

FUZZ_DECODER(dm_version_page, decode_version_page, claim_version_page, dm_version_page_free)

#include "decoder.h"
#include "rules.h"

static const shape_rule rules[] = {RULES_PAGE, RULES_SPEC("results[].")};

FUZZ_DECODER(dm_spec_page, decode_spec_page, claim_spec_page, dm_spec_page_free)

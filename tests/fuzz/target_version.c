#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_VERSION("")};

static void claim_same_version(struct json_object *json, const dm_version *version)
{
    CLAIM(shape_same_integer(json, "id", version->id));
    CLAIM(shape_same_integer(json, "spec_id", version->spec_id));
    CLAIM(shape_same_integer(json, "network_id", version->network_id));
    CLAIM(shape_same_string(json, "spec_name", version->spec_name));
    CLAIM(shape_same_string(json, "network_name", version->network_name));
}

FUZZ_DECODER(version, claim_same_version)

#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_NETWORK("")};

static void claim_same_network(struct json_object *json, const dm_network *network)
{
    CLAIM(network->id.public_id == NULL ? shape_same_integer(json, "id", network->id.private_id)
                                        : shape_same_string(json, "id", network->id.public_id));
    CLAIM(shape_same_string(json, "name", network->name));
    CLAIM(shape_same_string(json, "description", network->description));
    CLAIM(shape_same_string(json, "framework", network->framework));
}

FUZZ_DECODER(network, claim_same_network)

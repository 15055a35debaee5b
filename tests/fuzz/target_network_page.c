#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_PAGE, RULES_NETWORK("results[].")};

static void claim_same_page(struct json_object *json, const dm_network_page *page)
{
    CLAIM(shape_same_integer(json, "count", page->count));
    CLAIM(page->next == NULL || shape_same_string(json, "next", page->next));
    CLAIM(json_object_array_length(json_object_object_get(json, "results")) == page->result_count);
}

FUZZ_DECODER(network_page, claim_same_page)

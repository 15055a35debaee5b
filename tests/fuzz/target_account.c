#include "decoder.h"

static const struct shape_rule rules[] = {{"id", SHAPE_INTEGER, false}, {"name", SHAPE_STRING, false}};

static void claim_same_account(struct json_object *json, const dm_account *account)
{
    CLAIM(shape_same_string(json, "name", account->name));
    CLAIM(account->id == NULL || shape_same_integer(json, "id", *account->id));
}

FUZZ_DECODER(account, claim_same_account)

#include "codec/decode.h"

#include "codec/field.h"

static const struct field account_fields[] = {
    {OPTIONAL_INTEGER(dm_account, id)},
    {OPTIONAL_STRING(dm_account, name)},
};

static void keep_json(struct reader *reader, struct json_slice text, void *item)
{
    dm_account *account = item;
    account->json = reader_copy(reader, text);
}

const struct shape account_shape = {SHAPE(dm_account, account_fields), .finish = keep_json};

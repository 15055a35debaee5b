#include "codec/decode.h"

#include "codec/field.h"

static const struct field version_fields[] = {
    {REQUIRED_INTEGER(dm_version, id)},
    {REQUIRED_INTEGER(dm_version, spec_id)},
    {REQUIRED_INTEGER(dm_version, network_id)},
    {OPTIONAL_STRING(dm_version, spec_name)},
    {OPTIONAL_STRING(dm_version, network_name)},
    {OPTIONAL_STRING(dm_version, update_date)},
    {OPTIONAL_ARRAY_TEXT(dm_version, post_processings)},
};

const struct shape version_shape = {SHAPE(dm_version, version_fields)};

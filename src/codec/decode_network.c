#include "codec/decode.h"

#include "codec/field.h"

static const struct field network_fields[] = {
    {REQUIRED_RESOURCE_ID(dm_network)},
    {REQUIRED_STRING(dm_network, name)},
    {OPTIONAL_STRING(dm_network, description)},
    {OPTIONAL_STRING(dm_network, update_date)},
    {OPTIONAL_STRING(dm_network, create_date)},
    {OPTIONAL_OBJECT_TEXT(dm_network, metadata)},
    {OPTIONAL_STRING(dm_network, framework)},
    {OPTIONAL_OBJECT_TEXT(dm_network, preprocessing)},
    {OPTIONAL_ARRAY_TEXT(dm_network, postprocessings)},
    {OPTIONAL_TASK_ID(dm_network, task_id)},
};

const struct shape network_shape = {SHAPE(dm_network, network_fields)};

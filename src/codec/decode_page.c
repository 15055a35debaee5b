#include "codec/decode.h"

#include "codec/results.h"

#define PAGE_FIELDS(page, its_item, its_shape)                                                                         \
    {REQUIRED_INTEGER(page, count)}, {OPTIONAL_LINK(page, next)}, {OPTIONAL_LINK(page, previous)},                     \
    {                                                                                                                  \
        REQUIRED_ITEMS(page, results, result_count, its_item, its_shape)                                               \
    }

static const struct field spec_page_fields[] = {PAGE_FIELDS(dm_spec_page, dm_spec, &spec_shape)};
static const struct field network_page_fields[] = {PAGE_FIELDS(dm_network_page, dm_network, &network_shape)};
static const struct field version_page_fields[] = {PAGE_FIELDS(dm_version_page, dm_version, &version_shape)};

const struct shape spec_page_shape = {SHAPE(dm_spec_page, spec_page_fields)};
const struct shape network_page_shape = {SHAPE(dm_network_page, network_page_fields)};
const struct shape version_page_shape = {SHAPE(dm_version_page, version_page_fields)};

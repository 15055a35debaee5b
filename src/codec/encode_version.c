#include "codec/encode.h"

#include "base/check.h"
#include "codec/json_body.h"

void encode_version(struct request *request, int64_t spec_id, int64_t network_id, const char *post_processings,
                    struct failure *failure)
{
    if (!check_id(failure, "network_id", network_id) || !check_json(failure, "post_processings", post_processings, '['))
        return;

    cJSON *version = cJSON_CreateObject();
    const bool is_whole = json_add_integer(version, "spec_id", spec_id) &&
                          json_add_integer(version, "network_id", network_id) &&
                          cJSON_AddRawToObject(version, "post_processings", post_processings) != NULL;
    json_body_write(request, version, is_whole, failure);
}

#include "codec/encode.h"

#include "base/check.h"
#include "codec/json_body.h"

void encode_version(struct request *request, int64_t spec_id, int64_t network_id, const char *post_processings,
                    struct failure *failure)
{
    if (!check_id(failure, "network_id", network_id) || !check_json(failure, "post_processings", post_processings, '['))
        return;
    text_append_integer(json_body_member(request, "spec_id"), spec_id);
    text_append_integer(json_body_member(request, "network_id"), network_id);
    text_append_string(json_body_member(request, "post_processings"), post_processings);
    json_body_end(request);
}

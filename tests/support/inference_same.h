/* Whether predictions are the same, all fields of them, bit for bit. Threads may ask, for nothing in here asserts. */
#ifndef SUPPORT_INFERENCE_SAME_H
#define SUPPORT_INFERENCE_SAME_H

#include <cjson/cJSON.h>
#include <deepomatic.h>

bool inference_same(const dm_inference *a, const dm_inference *b);

/* The same as the API's own JSON, {"outputs": [...]}, says. */
bool inference_same_as_json(const dm_inference *inference, const cJSON *data);

#endif

/* Compares all fields of predictions, bit for bit. Makes no assertions, so that threads can use it. */
#ifndef SUPPORT_INFERENCE_SAME_H
#define SUPPORT_INFERENCE_SAME_H

#include <cjson/cJSON.h>
#include <deepomatic.h>

bool inference_same(const dm_inference *a, const dm_inference *b);

/* Returns true if the inference is equal to the API's JSON, {"outputs": [...]}. */
bool inference_same_as_json(const dm_inference *inference, const cJSON *data);

#endif

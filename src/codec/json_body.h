/* JSON bodies are built with cJSON. What fails for lack of memory shows when the body is written. */
#ifndef DM_JSON_BODY_H
#define DM_JSON_BODY_H

#include "base/failure.h"
#include "message/request.h"

#include <cjson/cJSON.h>

/* Adds what cJSON would round: it holds every number as a double. */
bool json_add_integer(cJSON *object, const char *name, int64_t integer);

/* Writes the object, which ends with that, as the body of a request. `is_whole` says that nothing was left out of it. */
void json_body_write(struct request *request, cJSON *object, bool is_whole, struct failure *failure);

#endif

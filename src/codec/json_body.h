/* Builds JSON bodies with cJSON. An allocation failure is reported when the body is written. */
#ifndef DM_JSON_BODY_H
#define DM_JSON_BODY_H

#include "base/failure.h"
#include "message/request.h"

#include <cjson/cJSON.h>

/* Adds an integer exactly. cJSON would round it, because it stores every number as a double. */
bool json_add_integer(cJSON *object, const char *name, int64_t integer);

/* Adds the texts that every resource has. NULL adds nothing. */
bool json_add_texts(cJSON *object, const char *name, const char *description, const char *metadata);

/* Checks these texts in the changes of a resource. NULL is accepted. */
bool json_check_changed_texts(struct failure *failure, const char *name, const char *description, const char *metadata);

/* Writes the object as the body of a request, and frees the object. `is_whole` is false if adding a member failed. */
void json_body_write(struct request *request, cJSON *object, bool is_whole, struct failure *failure);

#endif

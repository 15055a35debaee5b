#include "codec/json_body.h"

#include "base/check.h"

#include <inttypes.h>
#include <stdio.h>

bool json_add_integer(cJSON *object, const char *name, int64_t integer)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, integer);
    return cJSON_AddRawToObject(object, name, digits) != NULL;
}

static bool add_text(cJSON *object, const char *name, const char *text)
{
    return text == NULL || cJSON_AddStringToObject(object, name, text) != NULL;
}

bool json_add_texts(cJSON *object, const char *name, const char *description, const char *metadata)
{
    return add_text(object, "name", name) && add_text(object, "description", description) &&
           (metadata == NULL || cJSON_AddRawToObject(object, "metadata", metadata) != NULL);
}

bool json_check_changed_texts(struct failure *failure, const char *name, const char *description, const char *metadata)
{
    return check_optional_text(failure, "changes.name", name) &&
           check_optional_text(failure, "changes.description", description) &&
           check_optional_object(failure, "changes.metadata", metadata);
}

void json_body_write(struct request *request, cJSON *object, bool is_whole, struct failure *failure)
{
    char *json = is_whole ? cJSON_PrintUnformatted(object) : NULL;
    cJSON_Delete(object);
    if (json == NULL) {
        failure_no_memory(failure);
        return;
    }
    request->media = MEDIA_JSON;
    text_append_string(&request->body.text, json);
    cJSON_free(json);
}

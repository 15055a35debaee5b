#include "codec/json_body.h"

#include <inttypes.h>
#include <stdio.h>

bool json_add_integer(cJSON *object, const char *name, int64_t integer)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRId64, integer);
    return cJSON_AddRawToObject(object, name, digits) != NULL;
}

bool json_add_optional_string(cJSON *object, const char *name, const char *string)
{
    return string == NULL || cJSON_AddStringToObject(object, name, string) != NULL;
}

bool json_add_optional_raw(cJSON *object, const char *name, const char *json)
{
    return json == NULL || cJSON_AddRawToObject(object, name, json) != NULL;
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

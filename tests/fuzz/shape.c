#include "shape.h"

#include "base/json_text.h"
#include "base/number.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool is_integer(const cJSON *json)
{
    return cJSON_IsNumber(json) && fabs(json->valuedouble) <= (double)NUMBER_MAX_EXACT &&
           fmod(json->valuedouble, 1) == 0;
}

static bool is_task_id(const char *string)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t length = strlen(string);
    return length >= 1 && length <= 63 && strspn(string, allowed) == length;
}

static bool is_task_status(const char *string)
{
    return strcmp(string, "pending") == 0 || strcmp(string, "success") == 0 || strcmp(string, "error") == 0;
}

static bool is_task(const cJSON *json)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(json, "status");
    const cJSON *error = cJSON_GetObjectItemCaseSensitive(json, "error");
    const bool failed = cJSON_IsString(status) && strcmp(status->valuestring, "error") == 0;
    return cJSON_IsObject(json) && (!failed || error == NULL || cJSON_IsNull(error) || cJSON_IsString(error));
}

static bool is_of_kind(const cJSON *json, enum shape_kind kind)
{
    switch (kind) {
    case SHAPE_OBJECT:
        return cJSON_IsObject(json);
    case SHAPE_ARRAY:
        return cJSON_IsArray(json);
    case SHAPE_STRING:
        return cJSON_IsString(json);
    case SHAPE_BOOL:
        return cJSON_IsBool(json);
    case SHAPE_NUMBER:
        return cJSON_IsNumber(json) && isfinite(json->valuedouble);
    case SHAPE_INTEGER:
        return is_integer(json);
    case SHAPE_ID:
        return is_integer(json) || cJSON_IsString(json);
    case SHAPE_TASK_ID:
        return is_integer(json) || (cJSON_IsString(json) && is_task_id(json->valuestring));
    case SHAPE_TASK_STATUS:
        return cJSON_IsString(json) && is_task_status(json->valuestring);
    case SHAPE_TASK:
        return is_task(json);
    }
    return false;
}

static bool keeps(const cJSON *json, const char *path, const struct shape_rule *rule);

static bool items_keep(const cJSON *array, const char *path, const struct shape_rule *rule)
{
    const cJSON *item = NULL;
    if (!cJSON_IsArray(array))
        return true;
    cJSON_ArrayForEach(item, array)
    {
        if (!keeps(item, path, rule))
            return false;
    }
    return true;
}

/* Takes one step of the path. An item of an array is always required. */
static bool keeps(const cJSON *json, const char *path, const struct shape_rule *rule)
{
    char name[64];

    if (path[0] == '\0') {
        const bool nothing = json == NULL || cJSON_IsNull(json);
        const bool item = strlen(rule->path) > 0 && rule->path[strlen(rule->path) - 1] == ']';
        return nothing ? !rule->required && !item : is_of_kind(json, rule->kind);
    }
    if (path[0] == '[')
        return items_keep(json, path + strlen("[]"), rule);
    if (!cJSON_IsObject(json))
        return true;
    path += path[0] == '.';
    const size_t length = strcspn(path, ".[");
    snprintf(name, sizeof name, "%.*s", (int)length, path);
    return keeps(cJSON_GetObjectItemCaseSensitive(json, name), path + length, rule);
}

static bool all_keep(const cJSON *document, const struct shape_rule *rules, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!keeps(document, rules[i].path, &rules[i]))
            return false;
    return true;
}

bool shape_holds(const struct reply *reply, const struct shape_rule *rules, size_t count)
{
    struct json_fault fault;
    if (reply->body.length == 0 || !json_scan(reply->body.data, reply->body.length, JSON_DEPTH_OF_REPLY, &fault))
        return false;
    cJSON *document = cJSON_ParseWithLength(reply->body.data, reply->body.length);
    const bool holds = cJSON_IsObject(document) && all_keep(document, rules, count);
    cJSON_Delete(document);
    return holds;
}

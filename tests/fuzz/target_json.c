/* What the scanner passes, cJSON reads; what cJSON reads of it, the slices hold; and what cJSON writes, the scanner
 * passes. */
#include "check.h"

#include "base/json_text.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static void claim_same(struct json_slice slice, const cJSON *json);

static void claim_same_scalar(struct json_slice slice, const cJSON *json)
{
    cJSON *parsed = cJSON_ParseWithLength(slice.start, slice.length);
    CLAIM(parsed != NULL);
    CLAIM(parsed->type == json->type);
    if (cJSON_IsString(json))
        CLAIM(strcmp(parsed->valuestring, json->valuestring) == 0);
    if (cJSON_IsNumber(json))
        CLAIM(parsed->valuedouble == json->valuedouble);
    cJSON_Delete(parsed);
}

static void claim_same_items(struct json_slice slice, const cJSON *array)
{
    const cJSON *item = NULL;
    struct json_slice found = {NULL, 0};

    cJSON_ArrayForEach(item, array)
    {
        CLAIM(json_next_item(slice, &found));
        claim_same(found, item);
    }
    CLAIM(!json_next_item(slice, &found));
    CLAIM(!json_member(slice, "id", &found));
}

/* json_member is for names like those of the API. */
static bool is_api_name(const char *name)
{
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static void claim_same_members(struct json_slice slice, const cJSON *object)
{
    const cJSON *member = NULL;
    struct json_slice found = {NULL, 0};

    cJSON_ArrayForEach(member, object)
    {
        const bool first = cJSON_GetObjectItemCaseSensitive(object, member->string) == member;
        if (!first || !is_api_name(member->string))
            continue;
        CLAIM(json_member(slice, member->string, &found));
        claim_same(found, member);
    }
    if (cJSON_GetObjectItemCaseSensitive(object, "results") == NULL)
        CLAIM(!json_member(slice, "results", &found));
    found = (struct json_slice){NULL, 0};
    CLAIM(!json_next_item(slice, &found));
}

static void claim_same(struct json_slice slice, const cJSON *json)
{
    if (cJSON_IsArray(json))
        claim_same_items(slice, json);
    else if (cJSON_IsObject(json))
        claim_same_members(slice, json);
    else
        claim_same_scalar(slice, json);
}

static bool scans(const char *json, size_t length, size_t most_depth)
{
    struct json_fault fault = {.reason = "unset", .offset = length + 1};
    const bool ok = json_scan(json, length, most_depth, &fault);
    CLAIM(ok == (fault.reason == NULL));
    CLAIM(fault.offset <= length);
    return ok;
}

/* Infinity is written as null, which is fine here. */
static void claim_written_json_scans(const cJSON *json)
{
    char *written = cJSON_PrintUnformatted(json);
    CLAIM(written != NULL);
    CLAIM(scans(written, strlen(written), JSON_DEPTH_OF_REPLY));
    cJSON_free(written);
}

/* One level more than a value's own depth is just enough for an array around it. */
static void claim_depth_is_counted(const char *json, size_t length, bool fits_a_value)
{
    char *wrapped = exact_memory(length + 2);
    wrapped[0] = '[';
    memcpy(wrapped + 1, json, length);
    wrapped[length + 1] = ']';
    CLAIM(scans(wrapped, length + 2, JSON_DEPTH_OF_VALUE + 1) == fits_a_value);
    free(wrapped);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *json = exact_copy(data, size);
    const bool fits_a_value = scans(json, size, JSON_DEPTH_OF_VALUE);
    const bool fits_a_reply = scans(json, size, JSON_DEPTH_OF_REPLY);

    CLAIM(fits_a_reply || !fits_a_value);
    if (fits_a_reply) {
        cJSON *document = cJSON_ParseWithLength(json, size);
        CLAIM(document != NULL);
        claim_same(json_value(json, size), document);
        claim_written_json_scans(document);
        claim_depth_is_counted(json, size, fits_a_value);
        cJSON_Delete(document);
    }
    free(json);
    return 0;
}

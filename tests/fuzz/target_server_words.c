/* Whatever an error reply contains, its message becomes one printable line. */
#include "check.h"

#include "base/json.h"
#include "codec/server_words.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static bool has_words(const char *string)
{
    return string[strspn(string, " \t\r\n")] != '\0';
}

/* Most errors of the API have their message in this member. cJSON also accepts some invalid JSON. */
static void claim_detail_is_told(const struct text *body, const char *words)
{
    struct json_fault fault;
    if (body->length == 0 || !json_check(body->data, body->length, JSON_DEPTH_OF_REPLY, &fault))
        return;
    cJSON *json = cJSON_ParseWithLength(body->data, body->length);
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(json, "detail");
    if (cJSON_IsString(detail) && strncmp(detail->valuestring, "word", 4) == 0)
        CLAIM(has_words(words));
    cJSON_Delete(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply reply = exact_reply(data, size);
    dm_error error;
    struct failure failure;

    failure_init(&failure, &error);
    server_words(&reply.body, &failure);
    CLAIM(memchr(error.server_message, '\0', sizeof error.server_message) != NULL);
    claim_line(error.server_message);
    CLAIM(error.server_message[0] == '\0' || has_words(error.server_message)); /* only white space */
    claim_detail_is_told(&reply.body, error.server_message);
    free(reply.body.data);
    return 0;
}

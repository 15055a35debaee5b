/* Whatever an error reply holds, its words are one printable line, in room of any size. */
#include "check.h"

#include "base/json_text.h"
#include "codec/server_words.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static bool has_words(const char *string)
{
    return string[strspn(string, " \t\r\n")] != '\0';
}

/* Where most of the API's errors hold their words, however many they are. cJSON takes for JSON what is none. */
static void claim_detail_is_told(const struct text *body, const char *words)
{
    struct json_fault fault;
    if (body->length == 0 || !json_scan(body->data, body->length, JSON_DEPTH_OF_REPLY, &fault))
        return;
    cJSON *json = cJSON_ParseWithLength(body->data, body->length);
    const cJSON *detail = cJSON_GetObjectItemCaseSensitive(json, "detail");
    if (cJSON_IsString(detail) && strncmp(detail->valuestring, "word", 4) == 0)
        CLAIM(has_words(words));
    cJSON_Delete(json);
}

static void claim_words_fit(const struct text *body, size_t room)
{
    char *words = exact_memory(room);
    memset(words, 'x', room);
    server_words(body, words, room);
    CLAIM(memchr(words, '\0', room) != NULL);
    claim_line(words);
    CLAIM(words[0] == '\0' || has_words(words)); /* blanks would be shown as if they said something */
    if (room > 1)
        claim_detail_is_told(body, words);
    free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct reply reply = exact_reply(data, size);
    const size_t rooms[] = {1, 2, 3, 5, 17, sizeof((dm_error *)NULL)->server_message};

    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++)
        claim_words_fit(&reply.body, rooms[i]);
    free(reply.body.data);
    return 0;
}

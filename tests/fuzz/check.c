#include "check.h"

#include "base/json.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void claim_failed(const char *claim, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, claim);
    abort();
}

char *exact_memory(size_t size)
{
    char *memory = malloc(size > 0 ? size : 1);
    CLAIM(memory != NULL);
    return memory;
}

char *exact_copy(const void *bytes, size_t size)
{
    char *copy = exact_memory(size);
    if (size > 0)
        memcpy(copy, bytes, size);
    return copy;
}

char *exact_string(const void *bytes, size_t size)
{
    char *copy = exact_memory(size + 1);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

/* An empty body has no data at all, as in the library. */
struct reply exact_reply(const uint8_t *data, size_t size)
{
    struct reply made = {.subject = "GET http://localhost/v0.7/fuzz"};
    text_init(&made.body, TEXT_NO_LIMIT);
    if (size == 0)
        return made;
    made.body.data = exact_memory(size + 1);
    memcpy(made.body.data, data, size);
    made.body.data[size] = '\0';
    made.body.length = size;
    made.body.capacity = size + 1;
    return made;
}

void claim_text(const char *string)
{
    CLAIM(string != NULL);
    CLAIM(utf8_valid(string, strlen(string)));
}

void claim_optional_text(const char *string)
{
    if (string != NULL)
        claim_text(string);
}

void claim_line(const char *line)
{
    claim_text(line);
    for (const unsigned char *at = (const unsigned char *)line; *at != '\0'; at++)
        CLAIM(*at >= 0x20 && *at != 0x7f && !(*at == 0xc2 && at[1] < 0xa0));
}

void claim_json(const char *json, const char *first)
{
    struct json_fault fault;
    CLAIM(json != NULL && json[0] != '\0' && strchr(first, json[0]) != NULL);
    CLAIM(json_check(json, strlen(json), JSON_DEPTH_OF_REPLY, &fault));
}

void claim_bad_response(dm_status status, const dm_error *error)
{
    CLAIM(status == DM_ERR_BAD_RESPONSE);
    CLAIM(error->status == status);
    CLAIM(error->message[0] != '\0');
    claim_line(error->message);
}

#include "shard.h"
#include "hash.h"
#include "values.h"

#include <stdio.h>
#include <string.h>

/* At most 1000000. 0: it is not such a number. */
static uint32_t read_count(const char *text, size_t length)
{
    char digits[8];
    int64_t value = 0;

    if (length == 0 || length >= sizeof digits)
        return 0;
    snprintf(digits, sizeof digits, "%.*s", (int)length, text);
    return value_integer(digits, 1, &value) && value <= 1000000 ? (uint32_t)value : 0;
}

bool shard_parse(const char *text, struct shard *shard)
{
    const size_t length = strcspn(text, "/");

    if (text[length] == '\0')
        return false;
    *shard = (struct shard){read_count(text, length), read_count(text + length + 1, strlen(text + length + 1))};
    return shard->index >= 1 && shard->index <= shard->count;
}

bool shard_has(const struct shard *shard, const char *name)
{
    const uint64_t hash = hash_name(name);
    const uint32_t folded = (uint32_t)(hash >> 32) ^ (uint32_t)hash;

    return shard->count == 0 || folded % shard->count + 1 == shard->index;
}

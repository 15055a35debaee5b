#include "engine/retry_after.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

enum { MILLISECONDS = 1000 };

static bool is_number(const char *value)
{
    return value[0] != '\0' && value[strspn(value, "0123456789")] == '\0';
}

/* A number in milliseconds. */
static int64_t read_seconds(const char *digits)
{
    int64_t seconds = 0;
    for (; *digits != '\0'; digits++) {
        if (seconds >= INT64_MAX / MILLISECONDS / 10)
            return INT64_MAX;
        seconds = seconds * 10 + (*digits - '0');
    }
    return seconds * MILLISECONDS;
}

int64_t retry_after_ms(const char *value, int64_t now)
{
    if (is_number(value))
        return read_seconds(value);
    const time_t date = curl_getdate(value, NULL);
    if (date == -1)
        return -1;
    return date > now ? ((int64_t)date - now) * MILLISECONDS : 0;
}

#include "transport/retry_after.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <string.h>

enum { MILLISECONDS = 1000 };

static bool is_number(const char *value)
{
    return value[0] != '\0' && value[strspn(value, "0123456789")] == '\0';
}

static int64_t milliseconds(int64_t seconds)
{
    return seconds > INT64_MAX / MILLISECONDS ? INT64_MAX : seconds * MILLISECONDS;
}

static int64_t read_seconds(const char *digits)
{
    int64_t seconds = 0;
    for (; *digits != '\0' && seconds <= INT64_MAX / MILLISECONDS; digits++)
        seconds = seconds * 10 + (*digits - '0');
    return seconds;
}

int64_t retry_after_ms(const char *value, const char *date, int64_t now)
{
    if (is_number(value))
        return milliseconds(read_seconds(value));
    const int64_t then = curl_getdate(value, NULL);
    const int64_t theirs = date != NULL ? curl_getdate(date, NULL) : -1;
    const int64_t since = theirs >= 0 ? theirs : now;
    if (then < 0)
        return -1;
    return then > since ? milliseconds(then - since) : 0;
}

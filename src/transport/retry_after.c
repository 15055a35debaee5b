#include "transport/retry_after.h"

#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MILLISECONDS = 1000 };

/* Accepts whole seconds, or seconds with a fraction. */
static bool is_number(const char *value)
{
    static const char digits[] = "0123456789";
    const size_t whole = strspn(value, digits);
    const size_t fraction = value[whole] == '.' ? 1 + strspn(value + whole + 1, digits) : 0;
    return whole > 0 && fraction != 1 && value[whole + fraction] == '\0';
}

static int64_t milliseconds(int64_t seconds)
{
    return seconds > INT64_MAX / MILLISECONDS ? INT64_MAX : seconds * MILLISECONDS;
}

/* Reads three digits and rounds up, because a request that is too early would be rejected again. */
static int64_t read_fraction_ms(const char *value)
{
    const char *point = strchr(value, '.');
    int64_t fraction_ms = 0;
    if (point == NULL)
        return 0;
    const char *digits = point + 1;
    for (int64_t unit = 100; unit > 0; unit /= 10)
        fraction_ms += *digits != '\0' ? (*digits++ - '0') * unit : 0;
    return fraction_ms + (strspn(digits, "0") < strlen(digits));
}

static int64_t read_number_ms(const char *value)
{
    const int64_t whole_ms = milliseconds(strtoll(value, NULL, 10));
    const int64_t fraction_ms = read_fraction_ms(value);
    return whole_ms > INT64_MAX - fraction_ms ? INT64_MAX : whole_ms + fraction_ms;
}

int64_t retry_after_ms(const char *value, const char *date, int64_t now)
{
    if (is_number(value))
        return read_number_ms(value);
    const int64_t then = curl_getdate(value, NULL);
    if (then < 0)
        return -1;
    const int64_t theirs = date != NULL ? curl_getdate(date, NULL) : -1;
    const int64_t since = theirs >= 0 ? theirs : now;
    return then > since ? milliseconds(then - since) : 0;
}

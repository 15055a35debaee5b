#include "clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t microseconds_since_1970(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static json_object *date_of(int64_t microseconds)
{
    char seconds[sizeof "2018-03-09T18:30:43"];
    char date[sizeof "2018-03-09T18:30:43.404610Z"];
    const time_t time = (time_t)(microseconds / 1000000);
    struct tm utc;

    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", gmtime_r(&time, &utc));
    snprintf(date, sizeof date, "%s.%06uZ", seconds, (unsigned)(microseconds % 1000000));
    return json_object_new_string(date);
}

json_object *clock_date(void)
{
    return date_of(microseconds_since_1970());
}

json_object *clock_dates(int64_t milliseconds, json_object **later)
{
    const int64_t now = microseconds_since_1970();

    *later = date_of(now + milliseconds * 1000);
    return date_of(now);
}

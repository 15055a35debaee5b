#include "clock.h"

#include <stdio.h>
#include <time.h>

int64_t clock_milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

json_object *clock_date(int64_t milliseconds_from_now)
{
    char seconds[sizeof "2018-03-09T18:30:43"];
    char date[sizeof "2018-03-09T18:30:43.404610Z"];
    struct timespec now;
    struct tm utc;
    int64_t microseconds;
    time_t time;

    clock_gettime(CLOCK_REALTIME, &now);
    microseconds = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 + milliseconds_from_now * 1000;
    time = (time_t)(microseconds / 1000000);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", gmtime_r(&time, &utc));
    snprintf(date, sizeof date, "%s.%06uZ", seconds, (unsigned)(microseconds % 1000000));
    return json_object_new_string(date);
}

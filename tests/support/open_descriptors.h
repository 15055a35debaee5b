/* The number of open file descriptors of the test, to detect leaks. */
#ifndef SUPPORT_OPEN_DESCRIPTORS_H
#define SUPPORT_OPEN_DESCRIPTORS_H

#include "test.h"

#include <dirent.h>

static inline size_t open_descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

#endif

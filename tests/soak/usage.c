#include "usage.h"

#include "heap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

size_t usage_memory_kib(void)
{
    unsigned long resident = 0;

    heap_trim();
    FILE *statm = fopen("/proc/self/statm", "re");
    if (statm == NULL || fscanf(statm, "%*u %lu", &resident) != 1) // NOLINT(cert-err34-c): the kernel wrote it
        abort();
    fclose(statm);
    return resident * (size_t)sysconf(_SC_PAGESIZE) / 1024;
}

size_t usage_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    if (folder == NULL)
        abort();
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;)
        count += entry->d_name[0] != '.';
    closedir(folder);
    return count - 1; /* the folder's own */
}

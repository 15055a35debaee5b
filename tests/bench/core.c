#include "core.h"

#include <sched.h>
#include <stdio.h>

static void use(size_t core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores) != 0)
        perror("sched_setaffinity");
}

void core_use_first(void)
{
    cpu_set_t cores;
    size_t core = 0;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0)
        return;
    while (core < CPU_SETSIZE - 1 && !CPU_ISSET(core, &cores))
        core++;
    use(core);
}

void core_use_last(void)
{
    cpu_set_t cores;
    size_t core = CPU_SETSIZE - 1;
    if (sched_getaffinity(0, sizeof cores, &cores) != 0)
        return;
    while (core > 0 && !CPU_ISSET(core, &cores))
        core--;
    use(core);
}

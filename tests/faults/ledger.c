#include "ledger.h"

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static _Thread_local bool is_open;
static _Thread_local long taken[LEDGER_ITEM_COUNT];

void ledger_open(void)
{
    memset(taken, 0, sizeof taken);
    is_open = true;
}

void ledger_close(long balance[LEDGER_ITEM_COUNT])
{
    is_open = false;
    memcpy(balance, taken, sizeof taken);
}

void ledger_add(enum ledger_item item, long count)
{
    if (is_open)
        taken[item] += count;
}

/* Its own one counts too, and "." and ".."; differences are all that matters. */
long ledger_descriptors(void)
{
    long count = 0;
    DIR *folder = opendir("/proc/self/fd");

    if (folder == NULL)
        return -1;
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

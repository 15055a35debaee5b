#include "injection.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static _Thread_local struct order {
    struct injection what;
    size_t left; /* calls until the first failure */
    size_t failed;
    const void *culprit;
} order;

void injection_arm(const struct injection *what, size_t point)
{
    order = (struct order){.what = *what, .left = point};
}

size_t injection_disarm(void)
{
    order.what.kind = INJECT_NOTHING;
    return order.failed;
}

bool injection_due(enum injection_kind kind, const void *caller)
{
    if (order.what.kind != kind)
        return false;
    if (order.left > 1) {
        order.left--;
        return false;
    }
    if (order.failed > 0 && !order.what.for_ever)
        return false;
    if (order.failed == 0)
        order.culprit = caller;
    order.failed++;
    return true;
}

int injection_code(void)
{
    return order.what.code;
}

void injection_describe(char *place, size_t size)
{
    Dl_info found;

    if (order.culprit == NULL || dladdr(order.culprit, &found) == 0) {
        snprintf(place, size, "?");
        return;
    }
    const char *slash = strrchr(found.dli_fname, '/');
    snprintf(place, size, "%s+0x%zx", slash != NULL ? slash + 1 : found.dli_fname,
             (size_t)((const char *)order.culprit - (const char *)found.dli_fbase));
}

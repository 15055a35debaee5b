#include "injection.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

struct order {
    struct injection what;
    size_t left; /* calls until the first failure */
    size_t failed;
    const void *culprit;
};

static _Thread_local struct order own_order;
static _Thread_local struct order *followed; /* NULL: this thread's order */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static struct order *current(void)
{
    return followed != NULL ? followed : &own_order;
}

void *injection_mine(void)
{
    return current();
}

void injection_follow(void *other)
{
    followed = other;
}

void injection_arm(const struct injection *what, size_t point)
{
    pthread_mutex_lock(&mutex);
    *current() = (struct order){.what = *what, .left = point};
    pthread_mutex_unlock(&mutex);
}

size_t injection_disarm(void)
{
    pthread_mutex_lock(&mutex);
    current()->what.kind = INJECT_NOTHING;
    const size_t failed = current()->failed;
    pthread_mutex_unlock(&mutex);
    return failed;
}

static bool is_due(struct order *order, enum injection_kind kind, const void *caller)
{
    if (order->what.kind != kind)
        return false;
    if (order->left > 1) {
        order->left--;
        return false;
    }
    if (order->failed > 0 && !order->what.for_ever)
        return false;
    if (order->failed == 0)
        order->culprit = caller;
    order->failed++;
    return true;
}

bool injection_due(enum injection_kind kind, const void *caller)
{
    pthread_mutex_lock(&mutex);
    const bool due = is_due(current(), kind, caller);
    pthread_mutex_unlock(&mutex);
    return due;
}

int injection_code(void)
{
    return current()->what.code;
}

void injection_describe(char *place, size_t size)
{
    Dl_info found;

    if (current()->culprit == NULL || dladdr(current()->culprit, &found) == 0) {
        snprintf(place, size, "?");
        return;
    }
    const char *slash = strrchr(found.dli_fname, '/');
    snprintf(place, size, "%s+0x%zx", slash != NULL ? slash + 1 : found.dli_fname,
             (size_t)((const char *)current()->culprit - (const char *)found.dli_fbase));
}

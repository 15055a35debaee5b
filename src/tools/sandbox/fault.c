#include "fault.h"

#include "memory.h"

#include <stdlib.h>
#include <string.h>

void faults_add(struct faults *faults, struct fault fault)
{
    faults->items = memory_resize(faults->items, faults->count + 1, sizeof fault);
    faults->items[faults->count++] = fault;
}

void fault_clear(struct fault *fault)
{
    free(fault->method);
    free(fault->path);
    free(fault->retry_after);
}

void faults_clear(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        fault_clear(&faults->items[i]);
    free(faults->items);
    *faults = (struct faults){0};
}

static bool match(const char *pattern, const char *text)
{
    for (; *pattern != '*' && *pattern != '\0'; pattern++, text++) {
        if (*pattern != *text)
            return false;
    }
    if (*pattern == '\0')
        return *text == '\0';
    do {
        if (match(pattern + 1, text))
            return true;
    } while (*text++ != '\0');
    return false;
}

/* Routes match with and without a slash at the end, and so do faults. */
static bool match_path(const char *pattern, const char *path)
{
    size_t size = strlen(path);
    char *without_slash = memory_format("%.*s", (int)(size > 1 && path[size - 1] == '/' ? size - 1 : size), path);
    bool matches = match(pattern, path) || match(pattern, without_slash);

    free(without_slash);
    return matches;
}

/* Counts a matching request; returns whether it is one of those that skip and count select. */
static bool is_due(struct fault *fault)
{
    int64_t number = atomic_fetch_add(&fault->seen, 1);
    int64_t skip = fault->skip == FAULT_UNSET ? 0 : fault->skip;

    return number >= skip && (fault->count == FAULT_UNSET || number - skip < fault->count);
}

const struct fault *faults_take(const struct faults *faults, const char *method, const char *path)
{
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        if (match(fault->method, method) && match_path(fault->path, path) && is_due(fault))
            return fault;
    }
    return NULL;
}

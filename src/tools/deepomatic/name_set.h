/* A set of names. */
#ifndef CLI_NAME_SET_H
#define CLI_NAME_SET_H

#include <stdbool.h>
#include <stddef.h>

/* Begin with `= {0}`. Free it with name_set_free. */
struct name_set {
    char **slots; /* open addressing; NULL is a free slot */
    size_t slot_count;
    size_t name_count;
};

/* Adds a copy of the name, unless it is in the set. */
void name_set_add(struct name_set *set, const char *name);

bool name_set_has(const struct name_set *set, const char *name);

void name_set_free(struct name_set *set);

#endif

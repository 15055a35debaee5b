#include "name_set.h"
#include "hash.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* The slot of the name, or the free one where it belongs. There is always a free slot. */
static char **find_slot(const struct name_set *set, const char *name)
{
    size_t slot = (size_t)hash_name(name) & (set->slot_count - 1);

    while (set->slots[slot] != NULL && strcmp(set->slots[slot], name) != 0)
        slot = (slot + 1) & (set->slot_count - 1);
    return &set->slots[slot];
}

static void grow(struct name_set *set)
{
    struct name_set larger = {.slot_count = set->slot_count > 0 ? 2 * set->slot_count : 1024,
                              .name_count = set->name_count};

    larger.slots = memory_array(NULL, larger.slot_count, sizeof larger.slots[0]);
    for (size_t i = 0; i < larger.slot_count; i++)
        larger.slots[i] = NULL;
    for (size_t i = 0; i < set->slot_count; i++)
        if (set->slots[i] != NULL)
            *find_slot(&larger, set->slots[i]) = set->slots[i];
    free(set->slots);
    *set = larger;
}

void name_set_add(struct name_set *set, const char *name)
{
    if (set->name_count >= set->slot_count / 2)
        grow(set);
    char **slot = find_slot(set, name);
    if (*slot == NULL) {
        *slot = memory_text(name);
        set->name_count++;
    }
}

bool name_set_has(const struct name_set *set, const char *name)
{
    return set->name_count > 0 && *find_slot(set, name) != NULL;
}

void name_set_free(struct name_set *set)
{
    for (size_t i = 0; i < set->slot_count; i++)
        free(set->slots[i]);
    free(set->slots);
    *set = (struct name_set){0};
}

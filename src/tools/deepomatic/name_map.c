#include "name_map.h"
#include "hash.h"
#include "memory.h"

#include <stdlib.h>
#include <string.h>

/* The slot of the name, or the free one where it belongs. There is always a free slot. */
static struct name_entry *find_slot(const struct name_map *map, const char *name)
{
    size_t slot = (size_t)hash_name(name) & (map->slot_count - 1);

    while (map->slots[slot].name != NULL && strcmp(map->slots[slot].name, name) != 0)
        slot = (slot + 1) & (map->slot_count - 1);
    return &map->slots[slot];
}

static void grow(struct name_map *map)
{
    struct name_map larger = {.slot_count = map->slot_count > 0 ? 2 * map->slot_count : 1024,
                              .name_count = map->name_count};

    larger.slots = memory_array(NULL, larger.slot_count, sizeof larger.slots[0]);
    for (size_t i = 0; i < larger.slot_count; i++)
        larger.slots[i] = (struct name_entry){NULL, NULL};
    for (size_t i = 0; i < map->slot_count; i++)
        if (map->slots[i].name != NULL)
            *find_slot(&larger, map->slots[i].name) = map->slots[i];
    free(map->slots);
    *map = larger;
}

void name_map_set(struct name_map *map, const char *name, const char *text)
{
    if (map->name_count >= map->slot_count / 2)
        grow(map);
    struct name_entry *entry = find_slot(map, name);
    if (entry->name == NULL) {
        entry->name = memory_text(name);
        map->name_count++;
    }
    free(entry->text);
    entry->text = text != NULL ? memory_text(text) : NULL;
}

const char *name_map_get(const struct name_map *map, const char *name)
{
    return map->name_count > 0 ? find_slot(map, name)->text : NULL;
}

void name_map_free(struct name_map *map)
{
    for (size_t i = 0; i < map->slot_count; i++) {
        free(map->slots[i].name);
        free(map->slots[i].text);
    }
    free(map->slots);
    *map = (struct name_map){0};
}

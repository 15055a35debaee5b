/* A text for each of many names. */
#ifndef CLI_NAME_MAP_H
#define CLI_NAME_MAP_H

#include <stdbool.h>
#include <stddef.h>

struct name_entry {
    char *name; /* NULL: a free slot */
    char *text; /* may be NULL */
};

/* Begin with `= {0}`. Free it with name_map_free. */
struct name_map {
    struct name_entry *slots; /* open addressing */
    size_t slot_count;
    size_t name_count;
};

/* Copies both. A text that the name had is replaced; NULL removes it. */
void name_map_set(struct name_map *map, const char *name, const char *text);

/* NULL: the name has no text. */
const char *name_map_get(const struct name_map *map, const char *name);

void name_map_free(struct name_map *map);

#endif

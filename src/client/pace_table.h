/* The paces that a client has learned, in a table of fixed size. Pure; the client locks it. */
#ifndef DM_PACE_TABLE_H
#define DM_PACE_TABLE_H

#include "base/pace.h"

#include <deepomatic.h>

enum pace_kind {
    PACE_NONE, /* of free entries */
    PACE_PRIVATE_SPEC,
    PACE_PUBLIC_SPEC,
    PACE_VERSION,
    PACE_TASK, /* of one task of which only the id is known */
    PACE_TASKS /* of many: until the last one is done */
};

/* Whose tasks take about equally long. Two public specifications whose names have the same hash share a pace, which does
 * no harm. */
struct pace_key {
    enum pace_kind kind;
    uint64_t id;
};

struct pace_key pace_key_spec(dm_spec_id spec);
struct pace_key pace_key_version(int64_t version);
struct pace_key pace_key_task(void);
struct pace_key pace_key_tasks(void);

enum { PACE_TABLE_SIZE = 32 };

struct pace_table {
    struct pace_entry {
        struct pace_key key;
        struct pace pace;
        uint64_t learned_at; /* the higher, the later */
    } entries[PACE_TABLE_SIZE];
    uint64_t learned; /* how often, in all */
};

/* What is known; all zero if nothing is. */
struct pace pace_table_get(const struct pace_table *table, struct pace_key key);

/* A new key replaces the one that was not learned for the longest time. */
void pace_table_learn(struct pace_table *table, struct pace_key key, const struct pace_sight *sight);

#endif

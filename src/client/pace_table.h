/* The paces that a client has learned, in a table of fixed size. Pure functions; the client locks the table. */
#ifndef DM_PACE_TABLE_H
#define DM_PACE_TABLE_H

#include "base/pace.h"

#include <deepomatic.h>

enum pace_kind {
    PACE_NONE, /* an entry that is not used */
    PACE_PRIVATE_SPEC,
    PACE_PUBLIC_SPEC,
    PACE_VERSION,
    PACE_TASK, /* of a task known only by its id */
    PACE_TASKS /* of many tasks: until the last one is done */
};

/* Tasks with the same key take about the same time. Public specifications whose names have the same hash share a pace,
 * which is harmless. */
struct pace_key {
    enum pace_kind kind;
    uint64_t id; /* 0 for PACE_TASK and PACE_TASKS */
};

struct pace_key pace_key_spec(dm_spec_id spec);
struct pace_key pace_key_version(int64_t version);

enum { PACE_TABLE_SIZE = 32 };

struct pace_table {
    struct pace_entry {
        struct pace_key key;
        struct pace pace;
        uint64_t learned_at; /* a higher number is more recent */
    } entries[PACE_TABLE_SIZE];
    uint64_t learned; /* number of times learned */
};

/* Returns what is known for the key: all zero if nothing. */
struct pace pace_table_get(const struct pace_table *table, struct pace_key key);

/* Adds what a wait has observed. If the table is full, a new key replaces the one that was learned least recently. */
void pace_table_learn(struct pace_table *table, struct pace_key key, const struct pace_observation *observation);

#endif

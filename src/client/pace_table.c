#include "client/pace_table.h"

/* FNV-1a. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    return hash;
}

struct pace_key pace_key_spec(dm_spec_id spec)
{
    if (spec.public_id != NULL)
        return (struct pace_key){PACE_PUBLIC_SPEC, hash_of(spec.public_id)};
    return (struct pace_key){PACE_PRIVATE_SPEC, (uint64_t)spec.private_id};
}

struct pace_key pace_key_version(int64_t version)
{
    return (struct pace_key){PACE_VERSION, (uint64_t)version};
}

static bool has_key(const struct pace_entry *entry, struct pace_key key)
{
    return entry->key.kind == key.kind && entry->key.id == key.id;
}

struct pace pace_table_get(const struct pace_table *table, struct pace_key key)
{
    for (size_t i = 0; i < PACE_TABLE_SIZE; i++)
        if (has_key(&table->entries[i], key))
            return table->entries[i].pace;
    return (struct pace){0};
}

static struct pace_entry *entry_for(struct pace_table *table, struct pace_key key)
{
    struct pace_entry *oldest = &table->entries[0];
    for (size_t i = 0; i < PACE_TABLE_SIZE; i++) {
        struct pace_entry *entry = &table->entries[i];
        if (has_key(entry, key))
            return entry;
        if (entry->learned_at < oldest->learned_at)
            oldest = entry;
    }
    *oldest = (struct pace_entry){.key = key};
    return oldest;
}

void pace_table_learn(struct pace_table *table, struct pace_key key, const struct pace_observation *observation)
{
    struct pace_entry *entry = entry_for(table, key);
    pace_learn(&entry->pace, observation);
    entry->learned_at = ++table->learned;
}

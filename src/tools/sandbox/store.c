#include "store.h"

#include "account.h"
#include "clock.h"
#include "memory.h"
#include "public_networks.h"
#include "public_specs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void store_open(struct store *store)
{
    *store = (struct store){0};
    pthread_mutex_init(&store->mutex, NULL);
    store->account = account_new();
    public_specs_add(&store->public_specs);
    public_networks_add(&store->public_networks);
}

static void table_clear(struct table *table)
{
    for (size_t i = 0; i < table->count; i++)
        json_object_put(table->records[i].object);
    free(table->records);
}

void store_close(struct store *store)
{
    table_clear(&store->public_specs);
    table_clear(&store->specs);
    table_clear(&store->versions);
    table_clear(&store->networks);
    table_clear(&store->public_networks);
    table_clear(&store->tasks);
    json_object_put(store->account);
    pthread_mutex_destroy(&store->mutex);
}

void store_lock(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
}

void store_unlock(struct store *store)
{
    pthread_mutex_unlock(&store->mutex);
}

struct record *table_add(struct table *table, json_object *object)
{
    struct record *record;

    table->records = memory_resize(table->records, table->count + 1, sizeof *table->records);
    record = &table->records[table->count++];
    *record = (struct record){.id = ++table->last_id, .object = object};
    return record;
}

static int compare_ids(const void *key, const void *record)
{
    int64_t a = *(const int64_t *)key;
    int64_t b = ((const struct record *)record)->id;

    return (a > b) - (a < b);
}

struct record *table_find(const struct table *table, int64_t id)
{
    if (table->count == 0)
        return NULL;
    return bsearch(&id, table->records, table->count, sizeof *table->records, compare_ids);
}

void table_remove(struct table *table, struct record *record)
{
    size_t behind = table->count - (size_t)(record - table->records) - 1;

    json_object_put(record->object);
    memmove(record, record + 1, behind * sizeof *record);
    table->count--;
}

int64_t store_add_task(struct store *store, json_object *data, const char *error, int64_t delay)
{
    json_object *task = json_object_new_object();
    struct record *record = table_add(&store->tasks, task);
    char *id = memory_format("%" PRId64, record->id);
    json_object *updated;

    json_object_object_add(task, "id", json_object_new_string(id));
    json_object_object_add(task, "status", json_object_new_string(error == NULL ? "success" : "error"));
    json_object_object_add(task, "error", error == NULL ? NULL : json_object_new_string(error));
    json_object_object_add(task, "date_created", clock_dates(delay, &updated));
    json_object_object_add(task, "date_updated", updated);
    json_object_object_add(task, "data", data);
    json_object_object_add(task, "subtasks", NULL);
    record->due = clock_milliseconds() + delay;
    free(id);
    return record->id;
}

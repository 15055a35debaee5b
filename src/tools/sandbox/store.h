/* What the server knows, in memory, behind one mutex.
 *
 * Things are kept as the JSON objects that the API shows. json-c's reference counts are not atomic: whoever reads,
 * shares or writes out such an object holds the mutex. */
#ifndef SANDBOX_STORE_H
#define SANDBOX_STORE_H

#include <json-c/json.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct record {
    int64_t id;
    json_object *object;
    int64_t due; /* tasks: when the outcome may be seen, in clock_milliseconds */
};

/* Records in the order of their ids, which is the order of their creation. */
struct table {
    struct record *records;
    size_t count;
    int64_t last_id;
};

struct store {
    pthread_mutex_t mutex;
    struct table public_specs;
    struct table specs;
    struct table versions;
    struct table tasks;
    json_object *account;
};

void store_open(struct store *store);
void store_close(struct store *store);
void store_lock(struct store *store);
void store_unlock(struct store *store);

/* Adds an object, which is taken over, under the id last_id + 1. The pointer is good until the next addition. */
struct record *table_add(struct table *table, json_object *object);
struct record *table_find(const struct table *table, int64_t id);
void table_remove(struct table *table, struct record *record);

/* Adds a task that ends after so many milliseconds, with this data (taken over) or with this error; gives its id. */
int64_t store_add_task(struct store *store, json_object *data, const char *error, int64_t delay);

#endif

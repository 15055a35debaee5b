/* The server's data, in memory, protected by one mutex.
 *
 * The records are the JSON objects that the API shows. json-c's reference counts are not atomic, so the mutex must be
 * held to read, share or serialize such an object. */
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
    int64_t due; /* tasks: when the result becomes visible, in clock_milliseconds */
};

/* Records in the order of their creation, which is the order of their ids. */
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
    struct table networks;
    struct table public_networks;
    struct table tasks;
    json_object *account;
};

void store_open(struct store *store);
void store_close(struct store *store);
void store_lock(struct store *store);
void store_unlock(struct store *store);

/* Adds an object with the id last_id + 1, and takes it over. The pointer is valid until the table changes. */
struct record *table_add(struct table *table, json_object *object);
struct record *table_find(const struct table *table, int64_t id);
void table_remove(struct table *table, struct record *record);

/* Adds a task that finishes after delay milliseconds, with data (taken over) or an error. Returns its id. */
int64_t store_add_task(struct store *store, json_object *data, const char *error, int64_t delay);

#endif

/*
 * Deletes all your specifications whose names begin with a prefix: delete_all PREFIX
 *
 * A deletion moves the later items of a list forward by one place. An iterator would therefore skip items if they were
 * deleted while it is used. This program collects the ids of all specifications first, and deletes them afterwards.
 */
#include <deepomatic.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An array that grows. */
struct id_list {
    int64_t *ids;
    size_t count;
    size_t capacity;
};

/* A dm_error is a plain struct, so your own functions can use it too. */
static dm_status append(struct id_list *list, int64_t id, dm_error *error)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? 2 * list->capacity : 64;
        int64_t *ids = realloc(list->ids, capacity * sizeof *ids);
        if (ids == NULL) {
            *error = (dm_error){.status = DM_ERR_NO_MEMORY, .message = "out of memory"};
            return DM_ERR_NO_MEMORY;
        }
        list->ids = ids;
        list->capacity = capacity;
    }
    list->ids[list->count++] = id;
    return DM_OK;
}

/* The iterator requests page after page. */
static dm_status collect(dm_client *client, const char *prefix, struct id_list *list, dm_error *error)
{
    dm_spec_iter *iter;
    const dm_spec *spec;

    dm_status status = dm_spec_iter_new(client, DM_VISIBILITY_PRIVATE, NULL, &iter, error);
    while (status == DM_OK) {
        status = dm_spec_iter_next(iter, NULL, &spec, error);
        if (status == DM_OK && strncmp(spec->name, prefix, strlen(prefix)) == 0)
            status = append(list, spec->id.private_id, error);
    }
    dm_spec_iter_free(iter);
    return status == DM_DONE ? DM_OK : status;
}

/* Stops at the first failure. The program can then be run again: it deletes what is left. */
static dm_status delete_each(dm_client *client, const struct id_list *list, dm_error *error)
{
    dm_status status = DM_OK;
    for (size_t i = 0; status == DM_OK && i < list->count; i++) {
        status = dm_spec_delete(client, dm_private_spec(list->ids[i]), NULL, error);
        if (status == DM_OK)
            printf("Deleted specification %" PRId64 ".\n", list->ids[i]);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct id_list list = {0};
    dm_client *client = NULL;
    dm_error error;

    if (argc != 2 || argv[1][0] == '\0') { /* an empty prefix would delete all specifications */
        fprintf(stderr, "usage: %s PREFIX\n", argv[0]);
        return 2;
    }
    dm_status status = dm_client_new(NULL, &client, &error);
    if (status == DM_OK)
        status = collect(client, argv[1], &list, &error);
    if (status == DM_OK)
        status = delete_each(client, &list, &error);
    if (status != DM_OK)
        fprintf(stderr, "%s\n", error.message);
    free(list.ids);
    dm_client_free(client);
    return status == DM_OK ? 0 : 1;
}

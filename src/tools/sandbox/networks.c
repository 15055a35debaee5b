#include "networks.h"

#include "clock.h"
#include "json_tools.h"
#include "memory.h"
#include "network_fields.h"
#include "network_form.h"
#include "versions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

json_object *network_list_view(const struct sandbox *sandbox, const struct record *record)
{
    (void)sandbox;
    return json_without(record->object, "preprocessing");
}

void networks_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};

    selection_add_all(&selection, &sandbox->store.networks);
    page_reply(sandbox, request, &selection, network_list_view, reply);
}

/* ---- To create ---- */

/* Sets a field to the body's value, or to absent if the body has none. Takes absent over. */
static void set_field(json_object *network, const char *field, json_object *body, json_object *absent)
{
    json_object *value;

    if (json_object_object_get_ex(body, field, &value)) {
        json_object_put(absent);
        json_share(network, field, value);
    } else {
        json_object_object_add(network, field, absent);
    }
}

static struct record *add_network(struct store *store, json_object *body)
{
    json_object *network = json_object_new_object();
    struct record *record = table_add(&store->networks, network);
    json_object *now = clock_date();

    json_object_object_add(network, "id", json_object_new_int64(record->id));
    set_field(network, "name", body, NULL);
    set_field(network, "description", body, json_object_new_string(""));
    json_object_object_add(network, "update_date", now);
    json_share(network, "create_date", now);
    set_field(network, "metadata", body, json_object_new_object());
    set_field(network, "framework", body, NULL);
    set_field(network, "preprocessing", body, NULL);
    json_object_object_add(network, "postprocessings", json_object_new_array());
    return record;
}

/* Adds the task whose end says that the network is deployed, unless there is an error. */
static void deploy(struct store *store, const struct record *record, const char *error, int64_t delay)
{
    json_object *data = error == NULL ? json_pair("network_id", json_object_new_int64(record->id)) : NULL;
    int64_t task_id = store_add_task(store, data, error, delay);

    json_object_object_add(record->object, "task_id", json_object_new_int64(task_id));
}

static json_object *body_of_ready_network(int64_t number)
{
    char *name = memory_format("network %" PRId64, number);
    json_object *body = json_pair("name", json_object_new_string(name));

    json_object_object_add(body, "framework", json_object_new_string("tensorflow-1.x"));
    json_object_object_add(body, "preprocessing", network_usual_preprocessing());
    free(name);
    return body;
}

void networks_add(struct store *store, int64_t count)
{
    for (int64_t i = 1; i <= count; i++) {
        json_object *body = body_of_ready_network(i);

        add_network(store, body);
        json_object_put(body);
    }
}

void network_create(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    json_object *files = json_object_new_array();
    json_object *body = network_form_read(request, files, reply);
    json_object *errors;

    if (body == NULL)
        goto done;
    errors = network_create_errors(body, files);
    if (errors != NULL) {
        reply_json(reply, 400, errors);
    } else {
        const struct record *record = add_network(&sandbox->store, body);

        deploy(&sandbox->store, record, network_missing_file(body, files), sandbox->options.task_delay);
        reply_json(reply, 201, json_object_get(record->object));
    }

done:
    json_object_put(body);
    json_object_put(files);
}

/* ---- One network ---- */

/* Returns the network in the request's path. Returns NULL if there is none, and answers 404. */
static struct record *find_network(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = table_find(&sandbox->store.networks, request->id);

    if (record == NULL)
        reply_not_found(reply);
    return record;
}

void network_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *record = find_network(sandbox, request, reply);

    if (record != NULL)
        reply_json(reply, 200, json_object_get(record->object));
}

static void patch(json_object *network, json_object *body)
{
    static const char *const FIELDS[] = {"name", "description", "metadata"};

    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++) {
        json_object *value;

        if (json_object_object_get_ex(body, FIELDS[i], &value))
            json_share(network, FIELDS[i], value);
    }
    json_object_object_add(network, "update_date", clock_date());
}

void network_patch(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = find_network(sandbox, request, reply);
    json_object *body = record != NULL ? reply_unless_object(reply, request) : NULL;
    json_object *errors;

    if (body == NULL)
        return;
    errors = network_update_errors(body);
    if (errors != NULL) {
        reply_json(reply, 400, errors);
    } else {
        patch(record->object, body);
        reply_json(reply, 200, json_object_get(record->object));
    }
    json_object_put(body);
}

void network_delete(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = find_network(sandbox, request, reply);

    if (record == NULL)
        return;
    versions_remove_of_network(&sandbox->store, record->id);
    table_remove(&sandbox->store.networks, record);
    reply_nothing(reply);
}

/* ---- Deployment ---- */

/* Networks that exist from the start have none. */
static const struct record *deployment_of(const struct store *store, int64_t id)
{
    const struct record *network = table_find(&store->networks, id);

    return table_find(&store->tasks, json_object_get_int64(json_object_object_get(network->object, "task_id")));
}

char *network_deployment_error(const struct store *store, int64_t id)
{
    const struct record *task = deployment_of(store, id);
    const char *error;

    if (task == NULL)
        return NULL;
    if (clock_milliseconds() < task->due)
        return memory_format("The network %" PRId64 " is not deployed yet: wait for its task %" PRId64 ".", id,
                             task->id);
    error = json_object_get_string(json_object_object_get(task->object, "error"));
    return error != NULL ? memory_format("The network %" PRId64 " is not deployed: %s", id, error) : NULL;
}

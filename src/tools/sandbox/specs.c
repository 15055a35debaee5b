#include "specs.h"

#include "clock.h"
#include "json_tools.h"
#include "spec_fields.h"
#include "versions.h"

json_object *spec_list_view(const struct sandbox *sandbox, const struct record *record)
{
    (void)sandbox;
    return json_without(record->object, "outputs");
}

void specs_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};

    selection_add_all(&selection, &sandbox->store.specs);
    page_reply(sandbox, request, &selection, spec_list_view, reply);
}

/* Sets a field to the body's value, or to absent if the body has none. Takes absent over. */
static void set_field(json_object *spec, const char *field, json_object *body, json_object *absent)
{
    json_object *value;

    if (json_object_object_get_ex(body, field, &value)) {
        json_object_put(absent);
        json_share(spec, field, value);
    } else {
        json_object_object_add(spec, field, absent);
    }
}

static struct record *add_spec(struct store *store, json_object *body)
{
    json_object *spec = json_object_new_object();
    struct record *record = table_add(&store->specs, spec);

    json_object_object_add(spec, "id", json_object_new_int64(record->id));
    set_field(spec, "name", body, NULL);
    set_field(spec, "description", body, json_object_new_string(""));
    json_object_object_add(spec, "update_date", clock_date());
    set_field(spec, "metadata", body, json_object_new_object());
    set_field(spec, "outputs", body, NULL);
    json_object_object_add(spec, "current_version_id", NULL);
    return record;
}

/* Only the answer to a create has the task_id of the task that created the specification. */
static void reply_created(struct store *store, struct reply *reply, const struct record *record)
{
    json_object *created = json_without(record->object, "task_id");

    json_object_object_add(created, "task_id", json_object_new_int64(store_add_task(store, NULL, NULL, 0)));
    reply_json(reply, 201, created);
}

void spec_create(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    json_object *body = reply_unless_object(reply, request);
    json_object *errors;

    if (body == NULL)
        return;
    errors = spec_create_errors(body);
    if (errors != NULL)
        reply_json(reply, 400, errors);
    else
        reply_created(&sandbox->store, reply, add_spec(&sandbox->store, body));
    json_object_put(body);
}

/* Returns the specification in the request's path. Returns NULL if there is none, and answers 404. */
static struct record *find_spec(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = table_find(&sandbox->store.specs, request->id);

    if (record == NULL)
        reply_not_found(reply);
    return record;
}

void spec_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *record = find_spec(sandbox, request, reply);

    if (record != NULL)
        reply_json(reply, 200, json_object_get(record->object));
}

static void patch_field(json_object *spec, const char *field, json_object *body)
{
    json_object *value;

    if (json_object_object_get_ex(body, field, &value))
        json_share(spec, field, value);
}

static void patch(json_object *spec, json_object *body)
{
    patch_field(spec, "name", body);
    patch_field(spec, "description", body);
    patch_field(spec, "metadata", body);
    patch_field(spec, "current_version_id", body);
}

/* A full update: missing fields get their defaults. */
static void put(json_object *spec, json_object *body)
{
    set_field(spec, "name", body, NULL);
    set_field(spec, "description", body, json_object_new_string(""));
    set_field(spec, "metadata", body, json_object_new_object());
    set_field(spec, "current_version_id", body, NULL);
}

static void update(struct sandbox *sandbox, const struct request *request, bool full, struct reply *reply)
{
    struct record *record = find_spec(sandbox, request, reply);
    json_object *body = record != NULL ? reply_unless_object(reply, request) : NULL;
    json_object *errors;

    if (body == NULL)
        return;
    errors = spec_update_errors(&sandbox->store, record, body, full);
    if (errors != NULL) {
        reply_json(reply, 400, errors);
    } else {
        (full ? put : patch)(record->object, body);
        json_object_object_add(record->object, "update_date", clock_date());
        reply_json(reply, 200, json_object_get(record->object));
    }
    json_object_put(body);
}

void spec_patch(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    update(sandbox, request, false, reply);
}

void spec_put(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    update(sandbox, request, true, reply);
}

void spec_delete(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *record = find_spec(sandbox, request, reply);

    if (record == NULL)
        return;
    versions_remove_of_spec(&sandbox->store, record->id);
    table_remove(&sandbox->store.specs, record);
    reply_nothing(reply);
}

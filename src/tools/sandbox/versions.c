#include "versions.h"

#include "clock.h"
#include "fields.h"
#include "json_tools.h"
#include "memory.h"
#include "page.h"
#include "values.h"

#include <inttypes.h>
#include <stdlib.h>

int64_t version_spec_id(const struct record *version)
{
    return json_object_get_int64(json_object_object_get(version->object, "spec_id"));
}

int64_t version_network_id(const struct record *version)
{
    return json_object_get_int64(json_object_object_get(version->object, "network_id"));
}

void versions_remove_of_spec(struct store *store, int64_t spec_id)
{
    for (size_t i = store->versions.count; i > 0; i--) {
        struct record *version = &store->versions.records[i - 1];

        if (version_spec_id(version) == spec_id)
            table_remove(&store->versions, version);
    }
}

/* Shows a version with the current names of its specification and its network. */
static json_object *version_view(const struct sandbox *sandbox, const struct record *version)
{
    const struct record *spec = table_find(&sandbox->store.specs, version_spec_id(version));
    const struct record *network = table_find(&sandbox->store.networks, version_network_id(version));
    json_object *view = json_without(version->object, "");

    json_share(view, "spec_name", json_object_object_get(spec->object, "name"));
    json_share(view, "network_name", json_object_object_get(network->object, "name"));
    return view;
}

static json_object *version_list_view(const struct sandbox *sandbox, const struct record *version)
{
    json_object *view = version_view(sandbox, version);

    json_object_object_del(view, "post_processings");
    return view;
}

void versions_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};

    selection_add_all(&selection, &sandbox->store.versions);
    page_reply(sandbox, request, &selection, version_list_view, reply);
}

void versions_of_spec(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct table *versions = &sandbox->store.versions;
    struct selection selection = {0};

    if (table_find(&sandbox->store.specs, request->id) == NULL) {
        reply_not_found(reply);
        return;
    }
    for (size_t i = 0; i < versions->count; i++) {
        if (version_spec_id(&versions->records[i]) == request->id)
            selection_add(&selection, &versions->records[i]);
    }
    page_reply(sandbox, request, &selection, version_list_view, reply);
}

/* Returns the record that a field of a new version names, or NULL. */
static struct record *check_reference(const struct table *table, const char *field, json_object *body,
                                      json_object **errors)
{
    json_object *id = field_integer(body, field, true, errors);
    struct record *record = id != NULL ? table_find(table, json_object_get_int64(id)) : NULL;

    if (id != NULL && record == NULL) {
        char *message = memory_format("Invalid pk \"%" PRId64 "\" - object does not exist.", json_object_get_int64(id));

        field_error(errors, field, message);
        free(message);
    }
    return record;
}

static bool are_numbers(json_object *list)
{
    size_t count = json_object_array_length(list);
    double number;

    for (size_t i = 0; i < count; i++) {
        if (!value_number(json_object_array_get_idx(list, i), &number))
            return false;
    }
    return true;
}

static json_object *labels_of(json_object *output)
{
    return json_object_object_get(json_object_object_get(output, "labels"), "labels");
}

/* The thresholds are optional. If there are any, there must be one for each label of the output. */
static json_object *thresholds_errors(json_object *kind, json_object *output)
{
    json_object *errors = NULL;
    json_object *thresholds = field_list(kind, "thresholds", false, &errors);
    size_t label_count = json_object_array_length(labels_of(output));

    if (thresholds != NULL && json_object_array_length(thresholds) != label_count) {
        char *message = memory_format("One threshold for each label of the output is required: %zu, not %zu.",
                                      label_count, json_object_array_length(thresholds));

        field_error(&errors, "thresholds", message);
        free(message);
    } else if (thresholds != NULL && !are_numbers(thresholds)) {
        field_error(&errors, "thresholds", "A valid number is required.");
    }
    return errors;
}

/* output is NULL if the specification is unknown. */
static json_object *post_processing_errors(json_object *post_processing, json_object *output)
{
    json_object *errors = NULL;
    json_object *classification;
    json_object *detection;

    if (!json_object_is_type(post_processing, json_type_object))
        return not_dictionary_error();
    classification = field_dictionary(post_processing, "classification", false, &errors);
    detection = field_dictionary(post_processing, "detection", false, &errors);
    if (errors == NULL && (classification == NULL) == (detection == NULL))
        field_error(&errors, "non_field_errors", "Exactly one of classification and detection is required.");
    else if (errors == NULL && output != NULL)
        field_errors(&errors, classification != NULL ? "classification" : "detection",
                     thresholds_errors(classification != NULL ? classification : detection, output));
    return errors;
}

static json_object *outputs_of(const struct record *spec)
{
    return json_object_object_get(spec->object, "outputs");
}

static void check_post_processings(const struct record *spec, json_object *body, json_object **errors)
{
    json_object *list = field_list(body, "post_processings", true, errors);
    json_object *outputs = spec != NULL ? outputs_of(spec) : NULL;

    if (list == NULL)
        return;
    if (outputs != NULL && json_object_array_length(list) != json_object_array_length(outputs))
        field_error(errors, "post_processings",
                    "One post-processing for each output of the specification is required.");
    else
        field_errors(errors, "post_processings", items_errors(list, outputs, post_processing_errors));
}

static struct record *add_version(struct store *store, json_object *body)
{
    json_object *version = json_object_new_object();
    struct record *record = table_add(&store->versions, version);

    json_object_object_add(version, "id", json_object_new_int64(record->id));
    json_share(version, "spec_id", json_object_object_get(body, "spec_id"));
    json_share(version, "network_id", json_object_object_get(body, "network_id"));
    json_share(version, "post_processings", json_object_object_get(body, "post_processings"));
    json_object_object_add(version, "update_date", clock_date());
    return record;
}

static bool is_current(const struct record *spec, const struct record *version)
{
    json_object *current = json_object_object_get(spec->object, "current_version_id");

    return current != NULL && json_object_get_int64(current) == version->id;
}

static size_t count_versions(const struct store *store, int64_t spec_id)
{
    size_t count = 0;

    for (size_t i = 0; i < store->versions.count; i++)
        count += version_spec_id(&store->versions.records[i]) == spec_id ? 1 : 0;
    return count;
}

/* The first version attached to a specification becomes its current one. */
static void attach(const struct store *store, struct record *spec, const struct record *version)
{
    if (count_versions(store, spec->id) == 1)
        json_object_object_add(spec->object, "current_version_id", json_object_new_int64(version->id));
}

/* Removes a version, also from its specification. */
static void detach(struct store *store, struct record *version)
{
    const struct record *spec = table_find(&store->specs, version_spec_id(version));

    if (is_current(spec, version))
        json_object_object_add(spec->object, "current_version_id", NULL);
    table_remove(&store->versions, version);
}

void versions_remove_of_network(struct store *store, int64_t network_id)
{
    for (size_t i = store->versions.count; i > 0; i--) {
        struct record *version = &store->versions.records[i - 1];

        if (version_network_id(version) == network_id)
            detach(store, version);
    }
}

void version_create(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    json_object *body = reply_unless_object(reply, request);
    json_object *errors = NULL;
    struct record *spec;

    if (body == NULL)
        return;
    spec = check_reference(&sandbox->store.specs, "spec_id", body, &errors);
    check_reference(&sandbox->store.networks, "network_id", body, &errors);
    check_post_processings(spec, body, &errors);
    if (errors != NULL) {
        reply_json(reply, 400, errors);
    } else {
        const struct record *version = add_version(&sandbox->store, body);

        attach(&sandbox->store, spec, version);
        reply_json(reply, 201, version_view(sandbox, version));
    }
    json_object_put(body);
}

void version_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *version = table_find(&sandbox->store.versions, request->id);

    if (version != NULL)
        reply_json(reply, 200, version_view(sandbox, version));
    else
        reply_not_found(reply);
}

void version_delete(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct record *version = table_find(&sandbox->store.versions, request->id);

    if (version == NULL) {
        reply_not_found(reply);
        return;
    }
    detach(&sandbox->store, version);
    reply_nothing(reply);
}

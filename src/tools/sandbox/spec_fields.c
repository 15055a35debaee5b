#include "spec_fields.h"

#include "fields.h"
#include "memory.h"
#include "versions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void check_name(json_object *object, bool required, json_object **errors)
{
    json_object *name = field_text(object, "name", required, errors);

    if (name != NULL && json_object_get_string_len(name) == 0)
        field_error(errors, "name", "This field may not be blank.");
}

static json_object *label_errors(json_object *label, json_object *counterpart)
{
    json_object *errors = NULL;

    (void)counterpart;
    if (!json_object_is_type(label, json_type_object))
        return not_dictionary_error();
    field_integer(label, "id", true, &errors);
    check_name(label, true, &errors);
    return errors;
}

static void check_roi(json_object *labels, json_object **errors)
{
    json_object *roi = field_text(labels, "roi", true, errors);
    const char *text = roi != NULL ? json_object_get_string(roi) : "NONE";

    if (strcmp(text, "NONE") != 0 && strcmp(text, "BBOX") != 0) {
        char *message = memory_format("\"%s\" is not a valid choice.", text);

        field_error(errors, "roi", message);
        free(message);
    }
}

static json_object *output_errors(json_object *output, json_object *counterpart)
{
    json_object *errors = NULL;
    json_object *inside = NULL;
    json_object *labels;

    (void)counterpart;
    if (!json_object_is_type(output, json_type_object))
        return not_dictionary_error();
    labels = field_dictionary(output, "labels", true, &errors);
    if (labels == NULL)
        return errors;
    field_boolean(labels, "exclusive", true, &inside);
    check_roi(labels, &inside);
    field_errors(&inside, "labels", items_errors(field_list(labels, "labels", true, &inside), NULL, label_errors));
    field_errors(&errors, "labels", inside);
    return errors;
}

static void check_outputs(json_object *body, json_object **errors)
{
    json_object *outputs = field_list(body, "outputs", true, errors);

    if (outputs != NULL && json_object_array_length(outputs) == 0)
        field_error(errors, "outputs", "This list may not be empty.");
    field_errors(errors, "outputs", items_errors(outputs, NULL, output_errors));
}

static bool belongs(const struct store *store, json_object *version_id, int64_t spec_id)
{
    const struct record *version = table_find(&store->versions, json_object_get_int64(version_id));

    return version != NULL && version_spec_id(version) == spec_id;
}

static void version_error(json_object *version_id, json_object **errors)
{
    char *message =
        memory_format("Invalid pk \"%" PRId64 "\" - object does not exist.", json_object_get_int64(version_id));

    field_error(errors, "current_version_id", message);
    free(message);
}

/* store is NULL for a new specification, which has no versions yet. */
static void check_current_version(const struct store *store, int64_t spec_id, json_object *body, json_object **errors)
{
    json_object *version_id;

    if (json_object_object_get(body, "current_version_id") == NULL)
        return;
    version_id = field_integer(body, "current_version_id", false, errors);
    if (version_id != NULL && (store == NULL || !belongs(store, version_id, spec_id)))
        version_error(version_id, errors);
}

static void check_unchanged_outputs(const struct record *spec, json_object *body, json_object **errors)
{
    json_object *outputs;

    if (!json_object_object_get_ex(body, "outputs", &outputs))
        return;
    if (!json_object_equal(outputs, json_object_object_get(spec->object, "outputs")))
        field_error(errors, "outputs", "This field is immutable.");
}

json_object *spec_create_errors(json_object *body)
{
    json_object *errors = NULL;

    check_name(body, true, &errors);
    field_text(body, "description", false, &errors);
    field_dictionary(body, "metadata", false, &errors);
    check_outputs(body, &errors);
    check_current_version(NULL, 0, body, &errors);
    return errors;
}

json_object *spec_update_errors(const struct store *store, const struct record *spec, json_object *body, bool full)
{
    json_object *errors = NULL;

    check_name(body, full, &errors);
    field_text(body, "description", false, &errors);
    field_dictionary(body, "metadata", false, &errors);
    check_current_version(store, spec->id, body, &errors);
    check_unchanged_outputs(spec, body, &errors);
    return errors;
}

#include "codec/encode.h"

#include "base/check.h"
#include "codec/json_body.h"

#include <stdio.h>

/* ---- Checks of arguments ---- */

static bool check_label(const dm_label *label, size_t output, size_t index, struct failure *failure)
{
    char what[96];
    snprintf(what, sizeof what, "outputs[%zu].labels.labels[%zu].name", output, index);
    return check_text(failure, what, label->name);
}

static bool check_output(const dm_labels_output *labels, size_t index, struct failure *failure)
{
    bool fine = true;
    if (labels->labels == NULL && labels->label_count > 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "outputs[%zu].labels.labels must not be NULL", index);
    if (labels->roi != DM_ROI_NONE && labels->roi != DM_ROI_BBOX)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "outputs[%zu].labels.roi must be DM_ROI_NONE or DM_ROI_BBOX", index);
    for (size_t i = 0; fine && i < labels->label_count; i++)
        fine = check_label(&labels->labels[i], index, i, failure);
    return fine;
}

static bool check_outputs(const dm_output *outputs, size_t output_count, struct failure *failure)
{
    if (output_count == 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "a specification needs at least one output");
    bool fine = check_not_null(failure, "outputs", outputs);
    for (size_t i = 0; fine && i < output_count; i++)
        fine = check_output(&outputs[i].labels, i, failure);
    return fine;
}

static bool check_spec(const char *name, const dm_output *outputs, size_t output_count,
                       const dm_spec_create_options *options, struct failure *failure)
{
    return check_text(failure, "name", name) && check_outputs(outputs, output_count, failure) &&
           check_optional_text(failure, "options.description", options->description) &&
           check_optional_object(failure, "options.metadata", options->metadata);
}

/* ---- Create ---- */

/* Adds an object to a list. Returns NULL if out of memory. */
static cJSON *add_object(cJSON *list)
{
    cJSON *object = cJSON_CreateObject();
    if (cJSON_AddItemToArray(list, object))
        return object;
    cJSON_Delete(object);
    return NULL;
}

static bool add_label(cJSON *list, const dm_label *label)
{
    cJSON *object = add_object(list);
    return json_add_integer(object, "id", label->id) && cJSON_AddStringToObject(object, "name", label->name) != NULL;
}

static bool add_output(cJSON *list, const dm_labels_output *labels)
{
    cJSON *object = cJSON_AddObjectToObject(add_object(list), "labels");
    bool is_whole = cJSON_AddStringToObject(object, "roi", labels->roi == DM_ROI_BBOX ? "BBOX" : "NONE") != NULL &&
                    cJSON_AddBoolToObject(object, "exclusive", labels->exclusive) != NULL;
    cJSON *label_list = cJSON_AddArrayToObject(object, "labels");
    for (size_t i = 0; is_whole && i < labels->label_count; i++)
        is_whole = add_label(label_list, &labels->labels[i]);
    return is_whole && label_list != NULL;
}

static bool add_outputs(cJSON *spec, const dm_output *outputs, size_t output_count)
{
    cJSON *list = cJSON_AddArrayToObject(spec, "outputs");
    bool is_whole = list != NULL;
    for (size_t i = 0; is_whole && i < output_count; i++)
        is_whole = add_output(list, &outputs[i].labels);
    return is_whole;
}

void encode_spec(struct request *request, const char *name, const dm_output *outputs, size_t output_count,
                 const dm_spec_create_options *options, struct failure *failure)
{
    static const dm_spec_create_options none = {0};
    const dm_spec_create_options *given = options != NULL ? options : &none;
    if (!check_spec(name, outputs, output_count, given, failure))
        return;

    cJSON *spec = cJSON_CreateObject();
    const char *description = given->description != NULL ? given->description : "";
    const char *metadata = given->metadata != NULL ? given->metadata : "{}";
    const bool is_whole = json_add_texts(spec, name, description, metadata) && add_outputs(spec, outputs, output_count);
    json_body_write(request, spec, is_whole, failure);
}

/* ---- Update ---- */

static bool has_changes(const dm_spec_changes *changes)
{
    return changes != NULL && (changes->name != NULL || changes->description != NULL || changes->metadata != NULL ||
                               changes->current_version_id != NULL || changes->clear_current_version);
}

static bool check_changes(const dm_spec_changes *changes, struct failure *failure)
{
    if (!has_changes(changes))
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "there is nothing to change");
    if (changes->clear_current_version && changes->current_version_id != NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "changes.current_version_id and changes.clear_current_version cannot be used together");
    return json_check_changed_texts(failure, changes->name, changes->description, changes->metadata) &&
           (changes->current_version_id == NULL ||
            check_id(failure, "*changes.current_version_id", *changes->current_version_id));
}

static bool add_current_version(cJSON *spec, const dm_spec_changes *changes)
{
    if (changes->clear_current_version)
        return cJSON_AddNullToObject(spec, "current_version_id") != NULL;
    return changes->current_version_id == NULL ||
           json_add_integer(spec, "current_version_id", *changes->current_version_id);
}

void encode_spec_changes(struct request *request, const dm_spec_changes *changes, struct failure *failure)
{
    if (!check_changes(changes, failure))
        return;

    cJSON *spec = cJSON_CreateObject();
    const bool is_whole = json_add_texts(spec, changes->name, changes->description, changes->metadata) &&
                          add_current_version(spec, changes);
    json_body_write(request, spec, is_whole, failure);
}

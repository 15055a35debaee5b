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

static void append_label(struct text *json, const dm_label *label, bool is_first)
{
    text_append_string(json, is_first ? "{\"id\":" : ",{\"id\":");
    text_append_integer(json, label->id);
    text_append_string(json, ",\"name\":");
    text_append_json_string(json, label->name);
    text_append_string(json, "}");
}

static void append_output(struct text *json, const dm_labels_output *labels)
{
    text_append_string(json, "{\"labels\":{\"roi\":");
    text_append_json_string(json, labels->roi == DM_ROI_BBOX ? "BBOX" : "NONE");
    text_append_string(json, labels->exclusive ? ",\"exclusive\":true" : ",\"exclusive\":false");
    text_append_string(json, ",\"labels\":[");
    for (size_t i = 0; i < labels->label_count; i++)
        append_label(json, &labels->labels[i], i == 0);
    text_append_string(json, "]}}");
}

static void append_outputs(struct text *json, const dm_output *outputs, size_t output_count)
{
    for (size_t i = 0; i < output_count; i++) {
        text_append_string(json, i == 0 ? "[" : ",");
        append_output(json, &outputs[i].labels);
    }
    text_append_string(json, "]");
}

void encode_spec(struct request *request, const char *name, const dm_output *outputs, size_t output_count,
                 const dm_spec_create_options *options, struct failure *failure)
{
    static const dm_spec_create_options none = {0};
    const dm_spec_create_options *given = options != NULL ? options : &none;
    if (!check_spec(name, outputs, output_count, given, failure))
        return;
    json_body_add_texts(request, name, given->description != NULL ? given->description : "",
                        given->metadata != NULL ? given->metadata : "{}");
    append_outputs(json_body_member(request, "outputs"), outputs, output_count);
    json_body_end(request);
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
                           "changes.current_version_id and changes.clear_current_version exclude each other");
    return json_body_check_changed_texts(failure, changes->name, changes->description, changes->metadata) &&
           (changes->current_version_id == NULL ||
            check_id(failure, "*changes.current_version_id", *changes->current_version_id));
}

void encode_spec_changes(struct request *request, const dm_spec_changes *changes, struct failure *failure)
{
    if (!check_changes(changes, failure))
        return;
    json_body_add_texts(request, changes->name, changes->description, changes->metadata);
    if (changes->clear_current_version)
        text_append_string(json_body_member(request, "current_version_id"), "null");
    if (changes->current_version_id != NULL)
        text_append_integer(json_body_member(request, "current_version_id"), *changes->current_version_id);
    json_body_end(request);
}

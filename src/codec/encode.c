#include "codec/encode.h"

#include "base/check.h"
#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>

/* ---- Members of a JSON object ---- */

/* Begins a member, with a comma unless it is the first one. */
static void append_name(struct text *text, const char *name)
{
    const bool first = text->length == 0 || text->data[text->length - 1] == '{';
    text_append_string(text, first ? "\"" : ",\"");
    text_append_string(text, name);
    text_append_string(text, "\":");
}

static void append_string_member(struct text *text, const char *name, const char *value)
{
    append_name(text, name);
    text_append_json_string(text, value);
}

static void append_integer_member(struct text *text, const char *name, int64_t value)
{
    append_name(text, name);
    text_append_integer(text, value);
}

/* A value that is JSON text already: true, null, or what the caller wrote. */
static void append_raw_member(struct text *text, const char *name, const char *json)
{
    append_name(text, name);
    text_append_string(text, json);
}

/* ---- Specifications ---- */

static bool check_label(const dm_label *label, size_t output, size_t index, struct failure *failure)
{
    char what[96];
    snprintf(what, sizeof what, "outputs[%zu].labels.labels[%zu].name", output, index);
    if (!check_text(failure, what, label->name))
        return false;
    if (label->id < -NUMBER_MAX_EXACT || label->id > NUMBER_MAX_EXACT)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT,
                           "outputs[%zu].labels.labels[%zu].id is %" PRId64 "; it must be from -(2^53 - 1) to 2^53 - 1",
                           output, index, label->id);
    return true;
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
    bool fine = true;
    if (output_count == 0)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "a specification needs at least one output");
    if (outputs == NULL)
        return failure_set(failure, DM_ERR_INVALID_ARGUMENT, "outputs must not be NULL");
    for (size_t i = 0; fine && i < output_count; i++)
        fine = check_output(&outputs[i].labels, i, failure);
    return fine;
}

/* Text and JSON that may be left out. */
static bool check_optional_text(struct failure *failure, const char *what, const char *text)
{
    return text == NULL || check_text(failure, what, text);
}

static bool check_optional_object(struct failure *failure, const char *what, const char *json)
{
    return json == NULL || check_json(failure, what, json, '{');
}

static bool check_spec(const char *name, const dm_output *outputs, size_t output_count,
                       const dm_spec_create_options *options, struct failure *failure)
{
    return check_text(failure, "name", name) && check_outputs(outputs, output_count, failure) &&
           check_optional_text(failure, "options.description", options->description) &&
           check_optional_object(failure, "options.metadata", options->metadata);
}

static void append_output(struct text *text, const dm_labels_output *labels)
{
    text_append_string(text, "{\"labels\":{");
    append_raw_member(text, "roi", labels->roi == DM_ROI_BBOX ? "\"BBOX\"" : "\"NONE\"");
    append_raw_member(text, "exclusive", labels->exclusive ? "true" : "false");
    append_raw_member(text, "labels", "[");
    for (size_t i = 0; i < labels->label_count; i++) {
        text_append_string(text, i == 0 ? "{" : ",{");
        append_integer_member(text, "id", labels->labels[i].id);
        append_string_member(text, "name", labels->labels[i].name);
        text_append_string(text, "}");
    }
    text_append_string(text, "]}}");
}

void encode_spec(struct request *request, const char *name, const dm_output *outputs, size_t output_count,
                 const dm_spec_create_options *options, struct failure *failure)
{
    static const dm_spec_create_options none = {0};
    const dm_spec_create_options *given = options != NULL ? options : &none;
    struct text *json = &request->body.text;
    if (!check_spec(name, outputs, output_count, given, failure))
        return;

    request->media = MEDIA_JSON;
    text_append_string(json, "{");
    append_string_member(json, "name", name);
    append_string_member(json, "description", given->description != NULL ? given->description : "");
    append_raw_member(json, "metadata", given->metadata != NULL ? given->metadata : "{}");
    append_raw_member(json, "outputs", "[");
    for (size_t i = 0; i < output_count; i++) {
        text_append_string(json, i == 0 ? "" : ",");
        append_output(json, &outputs[i].labels);
    }
    text_append_string(json, "]}");
}

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
    return check_optional_text(failure, "changes.name", changes->name) &&
           check_optional_text(failure, "changes.description", changes->description) &&
           check_optional_object(failure, "changes.metadata", changes->metadata) &&
           (changes->current_version_id == NULL ||
            check_id(failure, "*changes.current_version_id", *changes->current_version_id));
}

void encode_spec_changes(struct request *request, const dm_spec_changes *changes, struct failure *failure)
{
    struct text *json = &request->body.text;
    if (!check_changes(changes, failure))
        return;

    request->media = MEDIA_JSON;
    text_append_string(json, "{");
    if (changes->name != NULL)
        append_string_member(json, "name", changes->name);
    if (changes->description != NULL)
        append_string_member(json, "description", changes->description);
    if (changes->metadata != NULL)
        append_raw_member(json, "metadata", changes->metadata);
    if (changes->current_version_id != NULL)
        append_integer_member(json, "current_version_id", *changes->current_version_id);
    if (changes->clear_current_version)
        append_raw_member(json, "current_version_id", "null");
    text_append_string(json, "}");
}

/* ---- Versions ---- */

void encode_version(struct request *request, int64_t spec_id, int64_t network_id, const char *post_processings,
                    struct failure *failure)
{
    struct text *json = &request->body.text;
    if (!check_id(failure, "network_id", network_id) || !check_json(failure, "post_processings", post_processings, '['))
        return;

    request->media = MEDIA_JSON;
    text_append_string(json, "{");
    append_integer_member(json, "spec_id", spec_id);
    append_integer_member(json, "network_id", network_id);
    append_raw_member(json, "post_processings", post_processings);
    text_append_string(json, "}");
}

#include "show_spec.h"
#include "json_out.h"

#include <inttypes.h>
#include <stdio.h>

/* The name in the API; NULL for a kind that the library does not know. */
static const char *roi_name(dm_roi_kind roi)
{
    return roi == DM_ROI_NONE ? "NONE" : roi == DM_ROI_BBOX ? "BBOX" : NULL;
}

static void put_json_labels(struct json *json, const dm_labels_output *labels)
{
    json_open(json, NULL, '{');
    json_open(json, "labels", '{');
    json_open(json, "labels", '[');
    for (size_t i = 0; i < labels->label_count; i++) {
        json_open(json, NULL, '{');
        json_integer(json, "id", labels->labels[i].id);
        json_string(json, "name", labels->labels[i].name);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_bool(json, "exclusive", labels->exclusive);
    json_string(json, "roi", roi_name(labels->roi));
    json_close(json, '}');
    json_close(json, '}');
}

static void put_json_outputs(struct json *json, const dm_spec *spec)
{
    json_open(json, "outputs", '[');
    for (size_t i = 0; i < spec->output_count; i++)
        put_json_labels(json, &spec->outputs[i].labels);
    json_close(json, ']');
}

/* Public specifications do not have this field. */
static void put_json_current_version(struct json *json, const dm_spec *spec)
{
    if (spec->current_version_id != NULL)
        json_integer(json, "current_version_id", *spec->current_version_id);
    else if (spec->id.public_id == NULL)
        json_null(json, "current_version_id");
}

static void put_json_id(struct json *json, dm_spec_id id)
{
    if (id.public_id != NULL)
        json_string(json, "id", id.public_id);
    else
        json_integer(json, "id", id.private_id);
}

void spec_put_json(const dm_spec *spec)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
    put_json_id(&json, spec->id);
    json_string(&json, "name", spec->name);
    json_string(&json, "description", spec->description);
    json_string(&json, "update_date", spec->update_date);
    json_verbatim(&json, "metadata", spec->metadata);
    put_json_current_version(&json, spec);
    json_string(&json, "task_id", spec->task_id != NULL ? spec->task_id->text : NULL);
    if (spec->output_count > 0)
        put_json_outputs(&json, spec);
    json_close(&json, '}');
    json_end(&json);
}

static void put_labels(const dm_labels_output *labels)
{
    static const char *const label_titles[] = {"LABEL", "NAME"};
    struct table table;

    table_begin(&table, label_titles, 2);
    for (size_t i = 0; i < labels->label_count; i++) {
        table_row(&table);
        table_setf(&table, 0, "%" PRId64, labels->labels[i].id);
        table_set(&table, 1, labels->labels[i].name);
    }
    table_end(&table, "  ");
}

static void put_outputs(const dm_spec *spec)
{
    for (size_t i = 0; i < spec->output_count; i++) {
        const dm_labels_output *labels = &spec->outputs[i].labels;
        const char *roi = roi_name(labels->roi);
        printf("outputs[%zu]: %zu labels, %s, roi %s\n", i, labels->label_count,
               labels->exclusive ? "exclusive" : "not exclusive", roi != NULL ? roi : "unknown");
        put_labels(labels);
    }
}

void spec_put_fields(const dm_spec *spec)
{
    struct table table;

    table_begin(&table, NULL, 2);
    if (spec->id.public_id != NULL)
        table_field(&table, "id", spec->id.public_id);
    else
        table_integer_field(&table, "id", &spec->id.private_id);
    table_field(&table, "name", spec->name);
    table_field(&table, "description", spec->description);
    table_field(&table, "update_date", spec->update_date);
    table_integer_field(&table, "current_version_id", spec->current_version_id);
    if (spec->current_version_id == NULL && spec->id.public_id == NULL)
        table_field(&table, "current_version_id", "none");
    table_json_field(&table, "metadata", spec->metadata);
    table_end(&table, "");
    put_outputs(spec);
}

enum column { ID, NAME, CURRENT_VERSION, UPDATED, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = {"ID", "NAME", "CURRENT VERSION", "UPDATED"};

void spec_table_begin(struct table *table)
{
    table_begin(table, titles, COLUMN_COUNT);
}

void spec_put_row(struct table *table, const dm_spec *spec)
{
    table_row(table);
    if (spec->id.public_id != NULL)
        table_set(table, ID, spec->id.public_id);
    else
        table_setf(table, ID, "%" PRId64, spec->id.private_id);
    table_set(table, NAME, spec->name);
    if (spec->current_version_id != NULL)
        table_setf(table, CURRENT_VERSION, "%" PRId64, *spec->current_version_id);
    table_set(table, UPDATED, spec->update_date);
}

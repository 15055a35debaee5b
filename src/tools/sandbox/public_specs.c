#include "public_specs.h"

#include "clock.h"
#include "colors.h"
#include "json_tools.h"
#include "specs.h"

static json_object *labels_new(void)
{
    json_object *labels = json_object_new_array();

    for (size_t color = 0; color < COLOR_COUNT; color++) {
        json_object *label = json_pair("id", json_object_new_int64((int64_t)color));

        json_object_object_add(label, "name", json_object_new_string(color_name(color)));
        json_object_array_add(labels, label);
    }
    return labels;
}

static json_object *outputs_new(const char *roi)
{
    json_object *labels = json_pair("roi", json_object_new_string(roi));

    json_object_object_add(labels, "exclusive", json_object_new_boolean(true));
    json_object_object_add(labels, "labels", labels_new());
    return json_single(json_pair("labels", labels));
}

static const struct public_spec {
    const char *id;
    const char *name;
    const char *description;
    const char *roi;
    size_t input_count;
} PUBLIC_SPECS[] = {
    {"sandbox-colors", "Colours", "The colours that fill the picture.", "NONE", 1},
    {"sandbox-regions", "Regions", "The connected regions of one colour in the picture.", "BBOX", 1},
    {"sandbox-pair", "Pair", "The colours that fill more of the second picture than of the first.", "NONE", 2},
};

enum { PUBLIC_SPEC_COUNT = sizeof PUBLIC_SPECS / sizeof PUBLIC_SPECS[0] };

static json_object *spec_new(const struct public_spec *public_spec)
{
    json_object *spec = json_pair("id", json_object_new_string(public_spec->id));

    json_object_object_add(spec, "name", json_object_new_string(public_spec->name));
    json_object_object_add(spec, "description", json_object_new_string(public_spec->description));
    json_object_object_add(spec, "update_date", clock_date());
    json_object_object_add(spec, "metadata", json_object_new_object());
    json_object_object_add(spec, "outputs", outputs_new(public_spec->roi));
    return spec;
}

void public_specs_add(struct table *table)
{
    for (size_t i = 0; i < PUBLIC_SPEC_COUNT; i++)
        table_add(table, spec_new(&PUBLIC_SPECS[i]));
}

/* public_specs_add gives the ids 1, 2, 3... */
size_t public_spec_input_count(const struct record *spec)
{
    return PUBLIC_SPECS[spec->id - 1].input_count;
}

const struct record *public_spec_find(const struct store *store, struct bytes id)
{
    for (size_t i = 0; i < store->public_specs.count; i++) {
        const struct record *record = &store->public_specs.records[i];

        if (bytes_equal_text(id, json_object_get_string(json_object_object_get(record->object, "id"))))
            return record;
    }
    return NULL;
}

void public_specs_list(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    struct selection selection = {0};

    selection_add_all(&selection, &sandbox->store.public_specs);
    page_reply(sandbox, request, &selection, spec_list_view, reply);
}

void public_spec_show(struct sandbox *sandbox, const struct request *request, struct reply *reply)
{
    const struct record *record = public_spec_find(&sandbox->store, request->name);

    if (record != NULL)
        reply_json(reply, 200, json_object_get(record->object));
    else
        reply_not_found(reply);
}

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

static void add(struct table *table, const char *id, const char *name, const char *description, const char *roi)
{
    json_object *spec = json_pair("id", json_object_new_string(id));

    json_object_object_add(spec, "name", json_object_new_string(name));
    json_object_object_add(spec, "description", json_object_new_string(description));
    json_object_object_add(spec, "update_date", clock_date(0));
    json_object_object_add(spec, "metadata", json_object_new_object());
    json_object_object_add(spec, "outputs", outputs_new(roi));
    table_add(table, spec);
}

void public_specs_add(struct table *table)
{
    add(table, "sandbox-colors", "Colours", "The colours that fill the picture.", "NONE");
    add(table, "sandbox-regions", "Regions", "The connected regions of one colour in the picture.", "BBOX");
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

#include "decoder.h"
#include "rules.h"

static const struct shape_rule rules[] = {RULES_SPEC("")};

static void claim_same_output(struct json_object *json, const dm_output *output)
{
    struct json_object *labels = json_object_object_get(json_object_object_get(json, "labels"), "labels");
    for (size_t i = 0; i < output->labels.label_count; i++) {
        struct json_object *label = json_object_array_get_idx(labels, i);
        CLAIM(shape_same_integer(label, "id", output->labels.labels[i].id));
        CLAIM(shape_same_string(label, "name", output->labels.labels[i].name));
    }
}

static void claim_same_spec(struct json_object *json, const dm_spec *spec)
{
    CLAIM(spec->id.public_id == NULL ? shape_same_integer(json, "id", spec->id.private_id)
                                     : shape_same_string(json, "id", spec->id.public_id));
    CLAIM(shape_same_string(json, "name", spec->name));
    CLAIM(shape_same_string(json, "description", spec->description));
    for (size_t i = 0; i < spec->output_count; i++)
        claim_same_output(json_object_array_get_idx(json_object_object_get(json, "outputs"), i), &spec->outputs[i]);
}

FUZZ_DECODER(spec, claim_same_spec)

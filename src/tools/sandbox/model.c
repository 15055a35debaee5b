#include "model.h"

#include "colors.h"
#include "memory.h"
#include "values.h"

#include <stdlib.h>
#include <string.h>

static const double CLASSIFICATION_THRESHOLD = 0.025;

/* Returns the thresholds of a post-processing of either kind, or NULL. */
static json_object *thresholds_of(json_object *post_processing)
{
    json_object *kind = json_object_object_get(post_processing, "classification");
    json_object *thresholds;

    if (kind == NULL)
        kind = json_object_object_get(post_processing, "detection");
    thresholds = json_object_object_get(kind, "thresholds");
    return json_object_is_type(thresholds, json_type_array) ? thresholds : NULL;
}

static struct label label_of(json_object *object, json_object *threshold, double default_threshold)
{
    const char *name = json_object_get_string(json_object_object_get(object, "name"));
    struct label label = {
        .id = json_object_get_int64(json_object_object_get(object, "id")),
        .name = memory_format("%s", name),
        .color = color_named(name),
    };

    if (!value_number(threshold, &label.threshold))
        label.threshold = default_threshold;
    return label;
}

static void read_output(json_object *object, json_object *thresholds, double detection_threshold, struct output *output)
{
    json_object *labels_output = json_object_object_get(object, "labels");
    json_object *labels = json_object_object_get(labels_output, "labels");

    output->localised = strcmp(json_object_get_string(json_object_object_get(labels_output, "roi")), "BBOX") == 0;
    output->label_count = json_object_array_length(labels);
    output->labels = memory_new(output->label_count, sizeof *output->labels);
    for (size_t i = 0; i < output->label_count; i++) {
        json_object *threshold = thresholds != NULL ? json_object_array_get_idx(thresholds, i) : NULL;

        output->labels[i] = label_of(json_object_array_get_idx(labels, i), threshold,
                                     output->localised ? detection_threshold : CLASSIFICATION_THRESHOLD);
    }
}

struct model *model_new(json_object *outputs, json_object *post_processings, double detection_threshold)
{
    struct model *model = memory_new(1, sizeof *model);

    model->input_count = 1;
    model->output_count = json_object_array_length(outputs);
    model->outputs = memory_new(model->output_count, sizeof *model->outputs);
    for (size_t i = 0; i < model->output_count; i++) {
        json_object *post_processing = post_processings != NULL ? json_object_array_get_idx(post_processings, i) : NULL;

        read_output(json_object_array_get_idx(outputs, i), thresholds_of(post_processing), detection_threshold,
                    &model->outputs[i]);
    }
    return model;
}

void model_free(struct model *model)
{
    for (size_t i = 0; i < model->output_count; i++) {
        for (size_t j = 0; j < model->outputs[i].label_count; j++)
            free(model->outputs[i].labels[j].name);
        free(model->outputs[i].labels);
    }
    free(model->outputs);
    free(model);
}

#include "decoder.h"

#define PREDICTIONS(at)                                                                                                \
    {at "", SHAPE_OBJECT, true}, {at ".label_id", SHAPE_INTEGER, true}, {at ".label_name", SHAPE_STRING, true},        \
        {at ".score", SHAPE_NUMBER, true}, {at ".threshold", SHAPE_NUMBER, true}, {at ".roi", SHAPE_OBJECT, false},    \
        {at ".roi.region_id", SHAPE_INTEGER, true}, {at ".roi.bbox", SHAPE_OBJECT, false},                             \
        {at ".roi.bbox.xmin", SHAPE_NUMBER, true}, {at ".roi.bbox.ymin", SHAPE_NUMBER, true},                          \
        {at ".roi.bbox.xmax", SHAPE_NUMBER, true}, {at ".roi.bbox.ymax", SHAPE_NUMBER, true},                          \
        {at ".sequence_index", SHAPE_INTEGER, false},                                                                  \
    {                                                                                                                  \
        at ".sequence_time", SHAPE_NUMBER, false                                                                       \
    }

static const struct shape_rule rules[] = {
    {"", SHAPE_TASK, true},
    {"id", SHAPE_TASK_ID, true},
    {"status", SHAPE_TASK_STATUS, true},
    {"date_created", SHAPE_STRING, false},
    {"date_updated", SHAPE_STRING, false},
    {"data.outputs[]", SHAPE_OBJECT, true},
    {"data.outputs[].labels", SHAPE_OBJECT, false},
    {"data.outputs[].labels.predicted", SHAPE_ARRAY, true},
    {"data.outputs[].labels.discarded", SHAPE_ARRAY, false},
    PREDICTIONS("data.outputs[].labels.predicted[]"),
    PREDICTIONS("data.outputs[].labels.discarded[]"),
};

static void claim_same_predictions(struct json_object *labels, const char *name, const dm_prediction *predictions,
                                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct json_object *json = json_object_array_get_idx(json_object_object_get(labels, name), i);
        CLAIM(shape_same_integer(json, "label_id", predictions[i].label_id));
        CLAIM(shape_same_string(json, "label_name", predictions[i].label_name));
        CLAIM(shape_same_number(json, "score", predictions[i].score));
        CLAIM(shape_same_number(json, "threshold", predictions[i].threshold));
        CLAIM((json_object_object_get(json, "roi") != NULL) == (predictions[i].roi != NULL));
    }
}

static void claim_same_task(struct json_object *json, const dm_task *task)
{
    struct json_object *outputs = json_object_object_get(json_object_object_get(json, "data"), "outputs");
    CLAIM(shape_same_string(json, "date_created", task->date_created));
    for (size_t i = 0; task->inference != NULL && i < task->inference->output_count; i++) {
        const dm_labels_inference *labels = &task->inference->outputs[i].labels;
        struct json_object *output = json_object_object_get(json_object_array_get_idx(outputs, i), "labels");
        claim_same_predictions(output, "predicted", labels->predicted, labels->predicted_count);
        claim_same_predictions(output, "discarded", labels->discarded, labels->discarded_count);
    }
}

FUZZ_DECODER(task, claim_same_task)

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

FUZZ_DECODER(task)

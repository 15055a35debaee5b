#include "codec/decode_inference.h"

#include "codec/decode.h"
#include "codec/field.h"

static const struct field bbox_fields[] = {
    {REQUIRED_NUMBER(dm_bbox, xmin)},
    {REQUIRED_NUMBER(dm_bbox, ymin)},
    {REQUIRED_NUMBER(dm_bbox, xmax)},
    {REQUIRED_NUMBER(dm_bbox, ymax)},
};

static const struct shape bbox_shape = {SHAPE(dm_bbox, bbox_fields)};

static const struct field roi_fields[] = {
    {REQUIRED_INTEGER(dm_roi, region_id)},
    {OPTIONAL_NEW_STRUCT(dm_roi, bbox, dm_bbox, &bbox_shape)},
};

static const struct shape roi_shape = {SHAPE(dm_roi, roi_fields)};

static const struct field prediction_fields[] = {
    {REQUIRED_INTEGER(dm_prediction, label_id)},
    {REQUIRED_STRING(dm_prediction, label_name)},
    {REQUIRED_NUMBER(dm_prediction, score)},
    {REQUIRED_NUMBER(dm_prediction, threshold)},
    {OPTIONAL_NEW_STRUCT(dm_prediction, roi, dm_roi, &roi_shape)},
    {OPTIONAL_INTEGER(dm_prediction, sequence_index)},
    {OPTIONAL_NUMBER(dm_prediction, sequence_time)},
};

static const struct shape prediction_shape = {SHAPE(dm_prediction, prediction_fields)};

static const struct field labels_fields[] = {
    {REQUIRED_ITEMS(dm_labels_inference, predicted, predicted_count, dm_prediction, &prediction_shape)},
    {OPTIONAL_ITEMS(dm_labels_inference, discarded, discarded_count, dm_prediction, &prediction_shape)},
};

static const struct shape labels_shape = {SHAPE(dm_labels_inference, labels_fields)};

/* As in a specification, an output of an unknown kind stays empty. */
static const struct field output_fields[] = {
    {OPTIONAL_STRUCT(dm_output_inference, labels, dm_labels_inference, &labels_shape)},
};

static const struct shape output_shape = {SHAPE(dm_output_inference, output_fields)};

static const struct field outputs_field = {
    REQUIRED_ITEMS(dm_inference, outputs, output_count, dm_output_inference, &output_shape)};

/* Receives the inference, if the data contain one. */
struct found {
    dm_inference *inference;
};

static void read_outputs(struct reader *reader, const struct field *field, void *item)
{
    struct found *found = item;
    (void)field;
    if (json_kind(&reader->json) != JSON_ARRAY) {
        json_skip(&reader->json);
        return;
    }
    found->inference = reader_alloc(reader, sizeof *found->inference);
    if (found->inference != NULL)
        read_items(reader, &outputs_field, found->inference);
}

static const struct field data_fields[] = {{OPTIONAL_BY(outputs, read_outputs)}};

static const struct shape data_shape = {SHAPE(struct found, data_fields)};

const dm_inference *read_inference(struct reader *reader)
{
    struct found found = {NULL};
    if (json_kind(&reader->json) == JSON_OBJECT)
        read_object(reader, &data_shape, &found);
    else
        json_skip(&reader->json);
    return found.inference;
}

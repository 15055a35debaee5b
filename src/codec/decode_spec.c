#include "codec/decode.h"

#include "codec/field.h"
#include "codec/value.h"

#include <string.h>

static const struct field label_fields[] = {
    {REQUIRED_INTEGER(dm_label, id)},
    {REQUIRED_STRING(dm_label, name)},
};

static const struct shape label_shape = {SHAPE(dm_label, label_fields)};

static dm_roi_kind find_roi_kind(const char *word)
{
    if (strcmp(word, "NONE") == 0)
        return DM_ROI_NONE;
    return strcmp(word, "BBOX") == 0 ? DM_ROI_BBOX : DM_ROI_OTHER;
}

static void read_roi_kind(struct reader *reader, const struct field *field, void *item)
{
    char word[VALUE_WORD_SIZE];
    dm_labels_output *labels = item;
    (void)field;
    if (!reader_expect(reader, JSON_STRING, "a string"))
        return;
    value_word(reader, word);
    labels->roi = find_roi_kind(word);
}

static const struct field labels_fields[] = {
    {OPTIONAL_BY(roi, read_roi_kind)},
    {OPTIONAL_BOOL(dm_labels_output, exclusive)},
    {OPTIONAL_ITEMS(dm_labels_output, labels, label_count, dm_label, &label_shape)},
};

static const struct shape labels_shape = {SHAPE(dm_labels_output, labels_fields)};

/* An output without labels is of an unknown kind and stays empty. */
static const struct field output_fields[] = {
    {OPTIONAL_STRUCT(dm_output, labels, dm_labels_output, &labels_shape)},
};

static const struct shape output_shape = {SHAPE(dm_output, output_fields)};

static const struct field spec_fields[] = {
    {REQUIRED_RESOURCE_ID(dm_spec)},
    {REQUIRED_STRING(dm_spec, name)},
    {OPTIONAL_STRING(dm_spec, description)},
    {OPTIONAL_STRING(dm_spec, update_date)},
    {OPTIONAL_OBJECT_TEXT(dm_spec, metadata)},
    {OPTIONAL_INTEGER(dm_spec, current_version_id)},
    {OPTIONAL_TASK_ID(dm_spec, task_id)},
    {OPTIONAL_ITEMS(dm_spec, outputs, output_count, dm_output, &output_shape)},
};

const struct shape spec_shape = {SHAPE(dm_spec, spec_fields)};

#include "inference_same.h"

#include <string.h>

static uint64_t bits_of(double number)
{
    uint64_t bits;

    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static bool same_double(double a, double b)
{
    return bits_of(a) == bits_of(b);
}

static bool same_bbox(const dm_bbox *a, const dm_bbox *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return same_double(a->xmin, b->xmin) && same_double(a->ymin, b->ymin) && same_double(a->xmax, b->xmax) &&
           same_double(a->ymax, b->ymax);
}

static bool same_roi(const dm_roi *a, const dm_roi *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->region_id == b->region_id && same_bbox(a->bbox, b->bbox);
}

static bool same_sequence(const dm_prediction *a, const dm_prediction *b)
{
    if ((a->sequence_index == NULL) != (b->sequence_index == NULL) ||
        (a->sequence_time == NULL) != (b->sequence_time == NULL))
        return false;
    return (a->sequence_index == NULL || *a->sequence_index == *b->sequence_index) &&
           (a->sequence_time == NULL || same_double(*a->sequence_time, *b->sequence_time));
}

static bool same_prediction(const dm_prediction *a, const dm_prediction *b)
{
    return a->label_id == b->label_id && strcmp(a->label_name, b->label_name) == 0 && same_double(a->score, b->score) &&
           same_double(a->threshold, b->threshold) && same_roi(a->roi, b->roi) && same_sequence(a, b);
}

static bool same_predictions(const dm_prediction *a, size_t a_count, const dm_prediction *b, size_t b_count)
{
    for (size_t i = 0; i < a_count && i < b_count; i++) {
        if (!same_prediction(&a[i], &b[i]))
            return false;
    }
    return a_count == b_count;
}

bool inference_same(const dm_inference *a, const dm_inference *b)
{
    for (size_t i = 0; i < a->output_count && i < b->output_count; i++) {
        const dm_labels_inference *p = &a->outputs[i].labels;
        const dm_labels_inference *q = &b->outputs[i].labels;

        if (!same_predictions(p->predicted, p->predicted_count, q->predicted, q->predicted_count) ||
            !same_predictions(p->discarded, p->discarded_count, q->discarded, q->discarded_count))
            return false;
    }
    return a->output_count == b->output_count;
}

/* ---- JSON ---- */

static bool is_number(const cJSON *object, const char *member, double number)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, member);

    return cJSON_IsNumber(value) && same_double(value->valuedouble, number);
}

static bool is_text(const cJSON *object, const char *member, const char *text)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, member);

    return cJSON_IsString(value) && strcmp(value->valuestring, text) == 0;
}

static bool is_absent(const cJSON *value)
{
    return value == NULL || cJSON_IsNull(value);
}

static bool roi_is(const dm_roi *roi, const cJSON *json)
{
    const cJSON *bbox = cJSON_GetObjectItemCaseSensitive(json, "bbox");

    if (roi == NULL || is_absent(json))
        return roi == NULL && is_absent(json);
    if (!is_number(json, "region_id", (double)roi->region_id) || roi->bbox == NULL || is_absent(bbox))
        return is_number(json, "region_id", (double)roi->region_id) && roi->bbox == NULL && is_absent(bbox);
    return is_number(bbox, "xmin", roi->bbox->xmin) && is_number(bbox, "ymin", roi->bbox->ymin) &&
           is_number(bbox, "xmax", roi->bbox->xmax) && is_number(bbox, "ymax", roi->bbox->ymax);
}

static bool optional_is(const cJSON *object, const char *member, bool present, double number)
{
    return present ? is_number(object, member, number) : is_absent(cJSON_GetObjectItemCaseSensitive(object, member));
}

static bool sequence_is(const dm_prediction *prediction, const cJSON *json)
{
    const int64_t *index = prediction->sequence_index;
    const double *time = prediction->sequence_time;

    return optional_is(json, "sequence_index", index != NULL, index != NULL ? (double)*index : 0) &&
           optional_is(json, "sequence_time", time != NULL, time != NULL ? *time : 0);
}

static bool prediction_is(const dm_prediction *prediction, const cJSON *json)
{
    return is_number(json, "label_id", (double)prediction->label_id) &&
           is_text(json, "label_name", prediction->label_name) && is_number(json, "score", prediction->score) &&
           is_number(json, "threshold", prediction->threshold) &&
           roi_is(prediction->roi, cJSON_GetObjectItemCaseSensitive(json, "roi")) && sequence_is(prediction, json);
}

static bool predictions_are(const dm_prediction *predictions, size_t count, const cJSON *array)
{
    const cJSON *item = NULL;
    size_t index = 0;

    cJSON_ArrayForEach(item, array)
    {
        if (index == count || !prediction_is(&predictions[index++], item))
            return false;
    }
    return cJSON_IsArray(array) && index == count;
}

static bool labels_are(const dm_labels_inference *labels, const cJSON *json)
{
    return predictions_are(labels->predicted, labels->predicted_count,
                           cJSON_GetObjectItemCaseSensitive(json, "predicted")) &&
           predictions_are(labels->discarded, labels->discarded_count,
                           cJSON_GetObjectItemCaseSensitive(json, "discarded"));
}

bool inference_same_as_json(const dm_inference *inference, const cJSON *data)
{
    const cJSON *outputs = cJSON_GetObjectItemCaseSensitive(data, "outputs");
    const cJSON *item = NULL;
    size_t index = 0;

    cJSON_ArrayForEach(item, outputs)
    {
        if (index == inference->output_count ||
            !labels_are(&inference->outputs[index++].labels, cJSON_GetObjectItemCaseSensitive(item, "labels")))
            return false;
    }
    return cJSON_IsArray(outputs) && index == inference->output_count;
}

#include "show_inference.h"
#include "table.h"
#include "text.h"

#include <inttypes.h>
#include <stdio.h>

static void put_json_bbox(struct json *json, const dm_bbox *bbox)
{
    json_open(json, "bbox", '{');
    json_double(json, "xmin", bbox->xmin);
    json_double(json, "ymin", bbox->ymin);
    json_double(json, "xmax", bbox->xmax);
    json_double(json, "ymax", bbox->ymax);
    json_close(json, '}');
}

static void put_json_roi(struct json *json, const dm_roi *roi)
{
    json_open(json, "roi", '{');
    json_integer(json, "region_id", roi->region_id);
    if (roi->bbox != NULL)
        put_json_bbox(json, roi->bbox);
    json_close(json, '}');
}

static void put_json_prediction(struct json *json, const dm_prediction *prediction)
{
    json_open(json, NULL, '{');
    json_integer(json, "label_id", prediction->label_id);
    json_string(json, "label_name", prediction->label_name);
    json_double(json, "score", prediction->score);
    json_double(json, "threshold", prediction->threshold);
    if (prediction->roi != NULL)
        put_json_roi(json, prediction->roi);
    if (prediction->sequence_index != NULL)
        json_integer(json, "sequence_index", *prediction->sequence_index);
    if (prediction->sequence_time != NULL)
        json_double(json, "sequence_time", *prediction->sequence_time);
    json_close(json, '}');
}

static void put_json_predictions(struct json *json, const char *key, const dm_prediction *predictions, size_t count)
{
    json_open(json, key, '[');
    for (size_t i = 0; i < count; i++)
        put_json_prediction(json, &predictions[i]);
    json_close(json, ']');
}

void inference_put_json(struct json *json, const dm_inference *inference)
{
    json_open(json, "outputs", '[');
    for (size_t i = 0; i < inference->output_count; i++) {
        const dm_labels_inference *labels = &inference->outputs[i].labels;
        json_open(json, NULL, '{');
        json_open(json, "labels", '{');
        put_json_predictions(json, "predicted", labels->predicted, labels->predicted_count);
        put_json_predictions(json, "discarded", labels->discarded, labels->discarded_count);
        json_close(json, '}');
        json_close(json, '}');
    }
    json_close(json, ']');
}

enum column { OUTPUT, LABEL, NAME, SCORE, THRESHOLD, STATE, REGION, BBOX, INDEX, TIME, COLUMN_COUNT };

static const char *const titles[COLUMN_COUNT] = {"OUTPUT", "LABEL",  "NAME", "SCORE", "THRESHOLD",
                                                 "STATE",  "REGION", "BBOX", "INDEX", "TIME"};

static void set_prediction(struct table *table, const dm_prediction *prediction)
{
    const dm_roi *roi = prediction->roi;
    const dm_bbox *bbox = roi != NULL ? roi->bbox : NULL;

    table_setf(table, LABEL, "%" PRId64, prediction->label_id);
    table_set(table, NAME, prediction->label_name);
    table_setf(table, SCORE, "%.3f", prediction->score);
    table_setf(table, THRESHOLD, "%.3f", prediction->threshold);
    if (roi != NULL)
        table_setf(table, REGION, "%" PRId64, roi->region_id);
    if (bbox != NULL)
        table_setf(table, BBOX, "%.3f,%.3f,%.3f,%.3f", bbox->xmin, bbox->ymin, bbox->xmax, bbox->ymax);
    if (prediction->sequence_index != NULL)
        table_setf(table, INDEX, "%" PRId64, *prediction->sequence_index);
    if (prediction->sequence_time != NULL)
        table_setf(table, TIME, "%.3f s", *prediction->sequence_time);
}

static void put_rows(struct table *table, const dm_inference *inference, size_t output)
{
    const dm_labels_inference *labels = &inference->outputs[output].labels;
    size_t count = labels->predicted_count + labels->discarded_count;

    for (size_t i = 0; i < count; i++) {
        bool discarded = i >= labels->predicted_count;
        table_row(table);
        if (inference->output_count > 1)
            table_setf(table, OUTPUT, "%zu", output);
        table_set(table, STATE, discarded ? "discarded" : NULL);
        set_prediction(table, discarded ? &labels->discarded[i - labels->predicted_count] : &labels->predicted[i]);
    }
}

void inference_put_table(const char *heading, const dm_inference *inference)
{
    struct table table;

    table_begin(&table, titles, COLUMN_COUNT);
    for (size_t i = 0; i < inference->output_count; i++)
        put_rows(&table, inference, i);
    text_put(stdout, heading);
    puts(table.row_count > 0 ? ":" : ": nothing recognised");
    table_end(&table, "  ");
}

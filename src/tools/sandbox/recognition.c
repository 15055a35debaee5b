#include "recognition.h"

#include "fetch.h"
#include "json_tools.h"
#include "memory.h"
#include "regions.h"

#include <stdlib.h>

struct prediction {
    const struct label *label;
    double score;
    size_t input;
    int64_t region_id; /* 0: no region */
    struct box box;
};

/* All that one output says: what is predicted, and what is to be discarded. */
struct predictions {
    struct prediction *items;
    size_t count;
    size_t capacity;
};

static void add_prediction(struct predictions *predictions, struct prediction prediction)
{
    if (predictions->count == predictions->capacity) {
        predictions->capacity = predictions->capacity > 0 ? predictions->capacity * 2 : 16;
        predictions->items = memory_resize(predictions->items, predictions->capacity, sizeof prediction);
    }
    predictions->items[predictions->count++] = prediction;
}

static void classify(const struct output *output, const struct color_map *map, size_t input,
                     struct predictions *predictions)
{
    double scores[COLOR_COUNT + 1] = {0}; /* a label that is no colour scores nothing */

    color_map_shares(map, scores);
    for (size_t i = 0; i < output->label_count; i++) {
        const struct label *label = &output->labels[i];

        add_prediction(predictions, (struct prediction){.label = label, .score = scores[label->color], .input = input});
    }
}

static void detect(const struct output *output, const struct color_map *map, size_t input,
                   struct predictions *predictions)
{
    struct region regions[MAX_REGIONS];
    size_t count = regions_find(map, regions);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < output->label_count; j++) {
            if (output->labels[j].color == regions[i].color)
                add_prediction(predictions, (struct prediction){.label = &output->labels[j],
                                                                .score = regions[i].score,
                                                                .input = input,
                                                                .region_id = (int64_t)i + 1,
                                                                .box = regions[i].box});
        }
    }
}

/* Falling score first; then whatever makes the order the same each time. */
static int compare(const void *a, const void *b)
{
    const struct prediction *p = a;
    const struct prediction *q = b;

    if (p->score < q->score || p->score > q->score)
        return p->score < q->score ? 1 : -1;
    if (p->label->id != q->label->id)
        return p->label->id > q->label->id ? 1 : -1;
    if (p->input != q->input)
        return p->input > q->input ? 1 : -1;
    return (p->region_id > q->region_id) - (p->region_id < q->region_id);
}

static json_object *roi_json(const struct prediction *prediction)
{
    json_object *roi = json_pair("region_id", json_object_new_int64(prediction->region_id));
    json_object *bbox = json_pair("xmin", json_number(prediction->box.xmin));

    json_object_object_add(bbox, "ymin", json_number(prediction->box.ymin));
    json_object_object_add(bbox, "xmax", json_number(prediction->box.xmax));
    json_object_object_add(bbox, "ymax", json_number(prediction->box.ymax));
    json_object_object_add(roi, "bbox", bbox);
    return roi;
}

static json_object *prediction_json(const struct prediction *prediction, bool sequence)
{
    json_object *json = json_pair("label_id", json_object_new_int64(prediction->label->id));

    json_object_object_add(json, "label_name", json_object_new_string(prediction->label->name));
    json_object_object_add(json, "score", json_number(prediction->score));
    json_object_object_add(json, "threshold", json_number(prediction->label->threshold));
    if (prediction->region_id > 0)
        json_object_object_add(json, "roi", roi_json(prediction));
    if (sequence) {
        json_object_object_add(json, "sequence_index", json_object_new_int64((int64_t)prediction->input));
        json_object_object_add(json, "sequence_time", NULL);
    }
    return json;
}

/* The predictions that passed their thresholds, or those that did not, up to the largest number asked for. */
static json_object *list_json(const struct recognition *recognition, const struct predictions *predictions, bool passed)
{
    json_object *list = json_object_new_array();
    int64_t count = 0;

    for (size_t i = 0; i < predictions->count && count < recognition->max_predictions; i++) {
        const struct prediction *prediction = &predictions->items[i];

        if ((prediction->score > prediction->label->threshold) != passed)
            continue;
        json_object_array_add(list, prediction_json(prediction, recognition->input_count > 1));
        count++;
    }
    return list;
}

static json_object *output_json(const struct recognition *recognition, struct predictions *predictions)
{
    json_object *labels = json_object_new_object();

    if (predictions->count > 0)
        qsort(predictions->items, predictions->count, sizeof *predictions->items, compare);
    json_object_object_add(labels, "predicted", list_json(recognition, predictions, true));
    json_object_object_add(labels, "discarded",
                           recognition->show_discarded ? list_json(recognition, predictions, false)
                                                       : json_object_new_array());
    return json_pair("labels", labels);
}

/* The colours of what an input shows; says what is wrong, or NULL. */
static const char *look_at(const struct image_input *input, struct color_map *map)
{
    struct buffer fetched = {0};
    struct picture picture = {0};
    const char *error = input->url != NULL ? fetch(input->url, &fetched) : NULL;

    if (error == NULL)
        error = picture_decode(input->url != NULL ? buffer_bytes(&fetched) : input->content, &picture);
    if (error == NULL) {
        color_map_fill(map, &picture);
        crop_apply(&input->crop, map);
    }
    picture_clear(&picture);
    buffer_clear(&fetched);
    return error;
}

/* Adds to each output what one input shows; says what is wrong, or NULL. */
static const char *predict(const struct recognition *recognition, const struct model *model, size_t input,
                           struct predictions *predictions)
{
    struct color_map map;
    const char *error = look_at(&recognition->inputs[input], &map);

    if (error != NULL)
        return error;
    for (size_t i = 0; i < model->output_count; i++)
        (model->outputs[i].localised ? detect : classify)(&model->outputs[i], &map, input, &predictions[i]);
    color_map_clear(&map);
    return NULL;
}

json_object *recognition_run(const struct recognition *recognition, const struct model *model, char **error)
{
    struct predictions *predictions = memory_new(model->output_count, sizeof *predictions);
    json_object *outputs = json_object_new_array();
    const char *reason = NULL;

    for (size_t i = 0; i < recognition->input_count && reason == NULL; i++) {
        reason = predict(recognition, model, i, predictions);
        if (reason != NULL)
            *error = memory_format("inputs[%zu].image.source: %s", i, reason);
    }
    for (size_t i = 0; i < model->output_count; i++) {
        json_object_array_add(outputs, output_json(recognition, &predictions[i]));
        free(predictions[i].items);
    }
    free(predictions);
    if (reason == NULL)
        return json_pair("outputs", outputs);
    json_object_put(outputs);
    return NULL;
}

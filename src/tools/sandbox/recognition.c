#include "recognition.h"

#include "fetch.h"
#include "json_tools.h"
#include "memory.h"
#include "regions.h"

#include <math.h>
#include <stdlib.h>

struct prediction {
    const struct label *label;
    double score;
    int64_t region_id; /* 0: none */
    struct box box;
};

/* The predictions of one output, above and below the thresholds. */
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

static void classify(const struct output *output, const double scores[COLOR_COUNT + 1], struct predictions *predictions)
{
    for (size_t i = 0; i < output->label_count; i++) {
        const struct label *label = &output->labels[i];

        add_prediction(predictions, (struct prediction){.label = label, .score = scores[label->color]});
    }
}

/* Scores each colour by its share of the picture. A label that names no colour scores 0. */
static void score_shares(const struct color_map *map, double scores[COLOR_COUNT + 1])
{
    scores[COLOR_NONE] = 0;
    color_map_shares(map, scores);
}

/* Scores each colour by how much larger its share is in the second picture than in the first, at least 0. */
static void score_gains(const struct color_map maps[2], double scores[COLOR_COUNT + 1])
{
    double before[COLOR_COUNT];

    color_map_shares(&maps[0], before);
    score_shares(&maps[1], scores);
    for (size_t color = 0; color < COLOR_COUNT; color++)
        scores[color] = fmax(0, scores[color] - before[color]);
}

static void detect(const struct output *output, const struct color_map *map, struct predictions *predictions)
{
    struct region regions[MAX_REGIONS];
    size_t count = regions_find(map, regions);

    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < output->label_count; j++) {
            if (output->labels[j].color == regions[i].color)
                add_prediction(predictions, (struct prediction){.label = &output->labels[j],
                                                                .score = regions[i].score,
                                                                .region_id = (int64_t)i + 1,
                                                                .box = regions[i].box});
        }
    }
}

/* Adds the predictions of one output. There must be as many pictures as the model takes. */
static void predict(const struct output *output, const struct color_map *maps, size_t map_count,
                    struct predictions *predictions)
{
    double scores[COLOR_COUNT + 1];

    if (output->localised) {
        detect(output, &maps[0], predictions);
        return;
    }
    if (map_count == 2)
        score_gains(maps, scores);
    else
        score_shares(&maps[0], scores);
    classify(output, scores, predictions);
}

/* Sorts by falling score. The other criteria only make the order reproducible. */
static int compare(const void *a, const void *b)
{
    const struct prediction *p = a;
    const struct prediction *q = b;

    if (p->score < q->score || p->score > q->score)
        return p->score < q->score ? 1 : -1;
    if (p->label->id != q->label->id)
        return p->label->id > q->label->id ? 1 : -1;
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

static json_object *prediction_json(const struct prediction *prediction)
{
    json_object *json = json_pair("label_id", json_object_new_int64(prediction->label->id));

    json_object_object_add(json, "label_name", json_object_new_string(prediction->label->name));
    json_object_object_add(json, "score", json_number(prediction->score));
    json_object_object_add(json, "threshold", json_number(prediction->label->threshold));
    if (prediction->region_id > 0)
        json_object_object_add(json, "roi", roi_json(prediction));
    return json;
}

/* Lists the predictions that are above their thresholds, or those that are not, up to max_predictions. */
static json_object *list_json(const struct recognition *recognition, const struct predictions *predictions, bool passed)
{
    json_object *list = json_object_new_array();
    int64_t count = 0;

    for (size_t i = 0; i < predictions->count && count < recognition->max_predictions; i++) {
        const struct prediction *prediction = &predictions->items[i];

        if ((prediction->score > prediction->label->threshold) != passed)
            continue;
        json_object_array_add(list, prediction_json(prediction));
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

/* Fetches and decodes an input's picture. Returns NULL, or an error message to free. */
static char *look_at(const struct image_input *input, struct color_map *map)
{
    struct buffer fetched = {0};
    struct picture picture = {0};
    char *error = input->url != NULL ? fetch(input->url, &fetched) : NULL;
    const char *reason = NULL;

    if (error == NULL)
        reason = picture_decode(input->url != NULL ? buffer_bytes(&fetched) : input->content, &picture);
    if (reason != NULL)
        error = memory_format("%s", reason);
    if (error == NULL) {
        color_map_fill(map, &picture);
        crop_apply(&input->crop, map);
    }
    picture_clear(&picture);
    buffer_clear(&fetched);
    return error;
}

/* Sets *error to a message to free if an input has no picture. Those before it must be cleared in any case. */
static void look_at_all(const struct recognition *recognition, struct color_map *maps, char **error)
{
    for (size_t i = 0; i < recognition->input_count && *error == NULL; i++) {
        char *reason = look_at(&recognition->inputs[i], &maps[i]);

        if (reason != NULL)
            *error = memory_format("inputs[%zu].image.source: %s", i, reason);
        free(reason);
    }
}

static json_object *outputs_json(const struct recognition *recognition, const struct model *model,
                                 const struct color_map *maps)
{
    json_object *outputs = json_object_new_array();

    for (size_t i = 0; i < model->output_count; i++) {
        struct predictions predictions = {0};

        predict(&model->outputs[i], maps, recognition->input_count, &predictions);
        json_object_array_add(outputs, output_json(recognition, &predictions));
        free(predictions.items);
    }
    return outputs;
}

json_object *recognition_run(const struct recognition *recognition, const struct model *model, char **error)
{
    struct color_map *maps = memory_new(recognition->input_count, sizeof *maps);
    json_object *data = NULL;

    look_at_all(recognition, maps, error);
    if (*error == NULL)
        data = json_pair("outputs", outputs_json(recognition, model, maps));
    for (size_t i = 0; i < recognition->input_count; i++)
        color_map_clear(&maps[i]);
    free(maps);
    return data;
}

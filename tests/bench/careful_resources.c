#include "careful_resources.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Members ---- */

static const cJSON *find(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool read_integer(const cJSON *object, const char *name, int64_t *value)
{
    const double largest = 9007199254740992.0;
    const cJSON *item = find(object, name);
    if (!cJSON_IsNumber(item) || item->valuedouble != floor(item->valuedouble) || fabs(item->valuedouble) >= largest)
        return false;
    *value = (int64_t)item->valuedouble;
    return true;
}

static bool read_double(const cJSON *object, const char *name, double *value)
{
    const cJSON *item = find(object, name);
    if (!cJSON_IsNumber(item) || !isfinite(item->valuedouble))
        return false;
    *value = item->valuedouble;
    return true;
}

static bool read_text(const cJSON *object, const char *name, char **value)
{
    const cJSON *item = find(object, name);
    if (!cJSON_IsString(item))
        return false;
    *value = strdup(item->valuestring);
    return *value != NULL;
}

static bool is_absent(const cJSON *object, const char *name)
{
    const cJSON *item = find(object, name);
    return item == NULL || cJSON_IsNull(item);
}

static bool read_optional_text(const cJSON *object, const char *name, char **value)
{
    return is_absent(object, name) || read_text(object, name, value);
}

/* Allocates zeroed items for an array; *items is NULL if it is empty. */
static bool reserve(const cJSON *array, size_t item_size, void **items, size_t *count)
{
    if (!cJSON_IsArray(array))
        return false;
    *count = (size_t)cJSON_GetArraySize(array);
    *items = *count > 0 ? calloc(*count, item_size) : NULL;
    if (*items == NULL && *count > 0) {
        *count = 0;
        return false;
    }
    return true;
}

/* ---- Specifications ---- */

static bool read_label(struct label *label, const cJSON *object)
{
    return read_integer(object, "id", &label->id) && read_text(object, "name", &label->name);
}

static bool read_output(struct output *output, const cJSON *object)
{
    const cJSON *labels = find(object, "labels");
    const cJSON *list = find(labels, "labels");
    const cJSON *exclusive = find(labels, "exclusive");
    void *items = NULL;
    size_t index = 0;
    if (!cJSON_IsBool(exclusive) || !read_text(labels, "roi", &output->roi) ||
        !reserve(list, sizeof *output->labels, &items, &output->label_count))
        return false;
    output->exclusive = cJSON_IsTrue(exclusive) != 0;
    output->labels = items;
    for (const cJSON *item = list->child; item != NULL && index < output->label_count; item = item->next)
        if (!read_label(&output->labels[index++], item))
            return false;
    return true;
}

static bool read_outputs(struct spec *spec, const cJSON *list)
{
    void *items = NULL;
    size_t index = 0;
    if (!reserve(list, sizeof *spec->outputs, &items, &spec->output_count))
        return false;
    spec->outputs = items;
    for (const cJSON *item = list->child; item != NULL && index < spec->output_count; item = item->next)
        if (!read_output(&spec->outputs[index++], item))
            return false;
    return true;
}

static bool read_spec(struct spec *spec, const cJSON *tree)
{
    const cJSON *metadata = find(tree, "metadata");
    if (!read_integer(tree, "id", &spec->id) || !read_text(tree, "name", &spec->name) ||
        !read_optional_text(tree, "description", &spec->description) ||
        !read_optional_text(tree, "update_date", &spec->update_date))
        return false;
    if (metadata != NULL && (spec->metadata = cJSON_PrintUnformatted(metadata)) == NULL)
        return false;
    spec->has_current_version = !is_absent(tree, "current_version_id");
    if (spec->has_current_version && !read_integer(tree, "current_version_id", &spec->current_version_id))
        return false;
    return read_outputs(spec, find(tree, "outputs"));
}

bool spec_read(struct spec *spec, const char *json, size_t length)
{
    *spec = (struct spec){0};
    cJSON *tree = cJSON_ParseWithLength(json, length);
    const bool good = read_spec(spec, tree);
    cJSON_Delete(tree);
    return good;
}

void spec_free(struct spec *spec)
{
    for (size_t i = 0; i < spec->output_count; i++) {
        for (size_t j = 0; j < spec->outputs[i].label_count; j++)
            free(spec->outputs[i].labels[j].name);
        free(spec->outputs[i].labels);
        free(spec->outputs[i].roi);
    }
    free(spec->outputs);
    free(spec->name);
    free(spec->description);
    free(spec->update_date);
    free(spec->metadata);
}

static bool add_label(cJSON *list, const struct label *label)
{
    cJSON *object = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(list, object))
        return false;
    return cJSON_AddNumberToObject(object, "id", (double)label->id) != NULL &&
           cJSON_AddStringToObject(object, "name", label->name) != NULL;
}

static bool add_output(cJSON *list, const struct output *output)
{
    cJSON *object = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(list, object))
        return false;
    cJSON *labels = cJSON_AddObjectToObject(object, "labels");
    bool good = cJSON_AddStringToObject(labels, "roi", output->roi) != NULL &&
                cJSON_AddBoolToObject(labels, "exclusive", output->exclusive) != NULL;
    cJSON *label_list = cJSON_AddArrayToObject(labels, "labels");
    for (size_t i = 0; good && i < output->label_count; i++)
        good = add_label(label_list, &output->labels[i]);
    return good;
}

char *spec_write(const char *name, const struct output *output)
{
    char *text = NULL;
    cJSON *tree = cJSON_CreateObject();
    if (cJSON_AddStringToObject(tree, "name", name) != NULL &&
        cJSON_AddStringToObject(tree, "description", "") != NULL && cJSON_AddObjectToObject(tree, "metadata") != NULL &&
        add_output(cJSON_AddArrayToObject(tree, "outputs"), output))
        text = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
    return text;
}

/* ---- Inference ---- */

char *inference_write(const char *url)
{
    char *text = NULL;
    cJSON *tree = cJSON_CreateObject();
    cJSON *input = cJSON_CreateObject();
    if (!cJSON_AddItemToArray(cJSON_AddArrayToObject(tree, "inputs"), input))
        cJSON_Delete(input);
    else if (cJSON_AddStringToObject(cJSON_AddObjectToObject(input, "image"), "source", url) != NULL)
        text = cJSON_PrintUnformatted(tree);
    cJSON_Delete(tree);
    return text;
}

bool task_id_read(char id[64], const char *json, size_t length)
{
    cJSON *tree = cJSON_ParseWithLength(json, length);
    const char *text = cJSON_GetStringValue(find(tree, "task_id"));
    const bool good = text != NULL && text[0] != '\0' && strlen(text) < 64;
    if (good)
        memcpy(id, text, strlen(text) + 1);
    cJSON_Delete(tree);
    return good;
}

static bool read_bbox(struct bbox *bbox, const cJSON *object)
{
    return read_double(object, "xmin", &bbox->xmin) && read_double(object, "ymin", &bbox->ymin) &&
           read_double(object, "xmax", &bbox->xmax) && read_double(object, "ymax", &bbox->ymax);
}

static bool read_roi(struct prediction *prediction, const cJSON *roi)
{
    prediction->has_roi = true;
    prediction->has_bbox = !is_absent(roi, "bbox");
    return read_integer(roi, "region_id", &prediction->region_id) &&
           (!prediction->has_bbox || read_bbox(&prediction->bbox, find(roi, "bbox")));
}

static bool read_prediction(struct prediction *prediction, const cJSON *object)
{
    return read_integer(object, "label_id", &prediction->label_id) &&
           read_text(object, "label_name", &prediction->label_name) &&
           read_double(object, "score", &prediction->score) &&
           read_double(object, "threshold", &prediction->threshold) &&
           (is_absent(object, "roi") || read_roi(prediction, find(object, "roi")));
}

static bool read_predictions(struct predictions *predictions, const cJSON *labels, const char *name)
{
    const cJSON *list = find(labels, name);
    void *items = NULL;
    size_t index = 0;
    if (list == NULL)
        return true;
    if (!reserve(list, sizeof *predictions->items, &items, &predictions->count))
        return false;
    predictions->items = items;
    for (const cJSON *item = list->child; item != NULL && index < predictions->count; item = item->next)
        if (!read_prediction(&predictions->items[index++], item))
            return false;
    return true;
}

static bool read_inference(struct task *task, const cJSON *list)
{
    void *items = NULL;
    size_t index = 0;
    if (!reserve(list, sizeof *task->outputs, &items, &task->output_count))
        return false;
    task->outputs = items;
    for (const cJSON *item = list->child; item != NULL && index < task->output_count; item = item->next) {
        struct output_inference *output = &task->outputs[index++];
        const cJSON *labels = find(item, "labels");
        if (!read_predictions(&output->predicted, labels, "predicted") ||
            !read_predictions(&output->discarded, labels, "discarded"))
            return false;
    }
    return true;
}

static bool read_task(struct task *task, const cJSON *tree)
{
    const char *status = cJSON_GetStringValue(find(tree, "status"));
    if (status == NULL)
        return false;
    if (strcmp(status, "pending") == 0)
        return true;
    if (strcmp(status, "error") == 0) {
        task->status = TASK_ERROR;
        return read_optional_text(tree, "error", &task->error);
    }
    task->status = TASK_SUCCESS;
    return strcmp(status, "success") == 0 && read_inference(task, find(find(tree, "data"), "outputs"));
}

bool task_read(struct task *task, const char *json, size_t length)
{
    *task = (struct task){0};
    cJSON *tree = cJSON_ParseWithLength(json, length);
    const bool good = read_task(task, tree);
    cJSON_Delete(tree);
    return good;
}

static void free_predictions(struct predictions *predictions)
{
    for (size_t i = 0; i < predictions->count; i++)
        free(predictions->items[i].label_name);
    free(predictions->items);
}

void task_free(struct task *task)
{
    for (size_t i = 0; i < task->output_count; i++) {
        free_predictions(&task->outputs[i].predicted);
        free_predictions(&task->outputs[i].discarded);
    }
    free(task->outputs);
    free(task->error);
}

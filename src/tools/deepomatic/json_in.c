#include "json_in.h"
#include "json_numbers.h"
#include "memory.h"
#include "report.h"

#include <cjson/cJSON.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The path of a value for messages, such as "outputs[0].labels.labels[3]". */
struct place {
    char path[64];
};

__attribute__((format(printf, 1, 2))) static struct place place(const char *format, ...)
{
    struct place place;
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(place.path, sizeof place.path, format, arguments);
    va_end(arguments);
    return place;
}

static bool expect(bool valid, struct place place, const char *expected)
{
    if (!valid)
        report("--outputs: %s must be %s", place.path, expected);
    return valid;
}

static bool is_known(const char *name, const char *const *known)
{
    while (*known != NULL && strcmp(*known, name) != 0)
        known++;
    return *known != NULL;
}

/* Returns true if it is an object with only known fields. A misspelt field would otherwise be ignored. */
static bool expect_object(const cJSON *json, struct place place, const char *const *known)
{
    const cJSON *field;

    if (!expect(cJSON_IsObject(json), place, "an object"))
        return false;
    cJSON_ArrayForEach(field, json)
    {
        if (!is_known(field->string, known)) {
            report("--outputs: %s has an unknown field '%s'", place.path, field->string);
            return false;
        }
    }
    return true;
}

static bool read_label(const cJSON *json, struct place place, dm_label *label)
{
    static const char *const fields[] = {"id", "name", NULL};

    if (!expect_object(json, place, fields))
        return false;
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(json, "id");
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(json, "name");
    if (!expect(json_numbers_integer(id, &label->id), place, "an object whose id is an integer of 64 bits") ||
        !expect(cJSON_IsString(name), place, "an object whose name is a string"))
        return false;
    label->name = name->valuestring;
    return true;
}

static bool read_labels(const cJSON *json, size_t output, dm_labels_output *labels)
{
    const cJSON *item;

    if (!expect(cJSON_IsArray(json), place("outputs[%zu].labels.labels", output), "an array"))
        return false;
    dm_label *list = memory_array(NULL, (size_t)cJSON_GetArraySize(json), sizeof *list);
    labels->labels = list;
    cJSON_ArrayForEach(item, json)
    {
        size_t i = labels->label_count++;
        if (!read_label(item, place("outputs[%zu].labels.labels[%zu]", output, i), &list[i]))
            return false;
    }
    return true;
}

static bool read_roi(const cJSON *json, size_t output, dm_roi_kind *roi)
{
    const char *text = cJSON_IsString(json) ? json->valuestring : "";

    *roi = strcmp(text, "NONE") == 0 ? DM_ROI_NONE : strcmp(text, "BBOX") == 0 ? DM_ROI_BBOX : DM_ROI_OTHER;
    return expect(*roi != DM_ROI_OTHER, place("outputs[%zu].labels.roi", output), "\"NONE\" or \"BBOX\"");
}

static bool read_output(const cJSON *json, size_t index, dm_labels_output *labels)
{
    static const char *const output_fields[] = {"labels", NULL};
    static const char *const fields[] = {"labels", "exclusive", "roi", NULL};

    if (!expect_object(json, place("outputs[%zu]", index), output_fields))
        return false;
    const cJSON *inner = cJSON_GetObjectItemCaseSensitive(json, "labels");
    if (!expect_object(inner, place("outputs[%zu].labels", index), fields))
        return false;
    const cJSON *exclusive = cJSON_GetObjectItemCaseSensitive(inner, "exclusive");
    labels->exclusive = cJSON_IsTrue(exclusive);
    return expect(cJSON_IsBool(exclusive), place("outputs[%zu].labels.exclusive", index), "true or false") &&
           read_roi(cJSON_GetObjectItemCaseSensitive(inner, "roi"), index, &labels->roi) &&
           read_labels(cJSON_GetObjectItemCaseSensitive(inner, "labels"), index, labels);
}

static bool read_outputs(struct outputs *outputs)
{
    const cJSON *item;

    if (!cJSON_IsArray(outputs->json)) {
        report("--outputs must be a JSON array, [...]");
        return false;
    }
    outputs->outputs = memory_array(NULL, (size_t)cJSON_GetArraySize(outputs->json), sizeof *outputs->outputs);
    cJSON_ArrayForEach(item, outputs->json)
    {
        size_t i = outputs->count++;
        outputs->outputs[i] = (dm_output){0};
        if (!read_output(item, i, &outputs->outputs[i].labels))
            return false;
    }
    return true;
}

/* cJSON rejects more than the grammar does: unpaired surrogates. The position is not that in the user's text. */
static bool parse(const char *text, struct outputs *outputs)
{
    char *kept = json_numbers_keep(text);

    *outputs = (struct outputs){.json = cJSON_ParseWithOpts(kept, NULL, true)};
    free(kept);
    if (outputs->json == NULL)
        report("--outputs: invalid character code in a string");
    return outputs->json != NULL;
}

bool outputs_parse(const char *text, struct outputs *outputs)
{
    const bool valid = parse(text, outputs) && read_outputs(outputs);

    if (!valid)
        outputs_free(outputs);
    return valid;
}

void outputs_free(struct outputs *outputs)
{
    for (size_t i = 0; i < outputs->count; i++)
        free((void *)outputs->outputs[i].labels.labels);
    free(outputs->outputs);
    cJSON_Delete(outputs->json);
    *outputs = (struct outputs){0};
}

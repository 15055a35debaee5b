#include "codec/decode.h"

#include "codec/reader.h"

#include <string.h>

/* ---- Specifications ---- */

static void read_label(struct reader *reader, const struct place *at, void *item)
{
    dm_label *label = item;
    if (!read_object_here(reader, at))
        return;
    label->id = read_integer(reader, at, "id");
    label->name = read_string(reader, at, "name");
}

static const struct shape label_shape = {sizeof(dm_label), read_label};

static dm_roi_kind read_roi_kind(struct reader *reader, const struct place *labels)
{
    const struct place at = place_member(labels, "roi", false);
    if (at.json == NULL)
        return DM_ROI_NONE;
    const char *kind = cJSON_IsString(at.json) ? at.json->valuestring : read_string_here(reader, &at);
    if (kind == NULL || strcmp(kind, "NONE") == 0)
        return DM_ROI_NONE;
    return strcmp(kind, "BBOX") == 0 ? DM_ROI_BBOX : DM_ROI_OTHER;
}

/* An output that has no labels is of a kind that we do not know, and stays empty. */
static void read_output(struct reader *reader, const struct place *at, void *item)
{
    dm_output *output = item;
    const struct place labels = place_member(at, "labels", false);
    if (!read_object_here(reader, at) || labels.json == NULL || !read_object_here(reader, &labels))
        return;
    const struct place list = place_member(&labels, "labels", false);
    output->labels.labels = read_array(reader, &list, &label_shape, &output->labels.label_count);
    output->labels.exclusive = read_optional_bool(reader, &labels, "exclusive");
    output->labels.roi = read_roi_kind(reader, &labels);
}

static const struct shape output_shape = {sizeof(dm_output), read_output};

/* A number for a private specification, a string for a public one. */
static dm_spec_id read_spec_id(struct reader *reader, const struct place *spec)
{
    const struct place at = place_member(spec, "id", false);
    if (cJSON_IsString(at.json))
        return (dm_spec_id){.public_id = read_string_here(reader, &at)};
    return (dm_spec_id){.private_id = read_integer_here(reader, &at)};
}

static void read_spec(struct reader *reader, const struct place *at, void *item)
{
    dm_spec *spec = item;
    const struct place outputs = place_member(at, "outputs", false);
    const struct place metadata = place_member(at, "metadata", true);

    if (!read_object_here(reader, at))
        return;
    spec->id = read_spec_id(reader, at);
    spec->name = read_string(reader, at, "name");
    spec->description = read_optional_string(reader, at, "description");
    spec->update_date = read_optional_string(reader, at, "update_date");
    if (metadata.json != NULL && read_object_here(reader, &metadata))
        spec->metadata = read_text(reader, &metadata);
    spec->current_version_id = read_optional_integer(reader, at, "current_version_id");
    spec->task_id = read_optional_task_id(reader, at, "task_id");
    spec->outputs = read_array(reader, &outputs, &output_shape, &spec->output_count);
}

const struct shape spec_shape = {sizeof(dm_spec), read_spec};

/* ---- Versions, the account ---- */

static void read_version(struct reader *reader, const struct place *at, void *item)
{
    dm_version *version = item;
    const struct place post_processings = place_member(at, "post_processings", true);
    if (!read_object_here(reader, at))
        return;
    version->id = read_integer(reader, at, "id");
    version->spec_id = read_integer(reader, at, "spec_id");
    version->network_id = read_integer(reader, at, "network_id");
    version->spec_name = read_optional_string(reader, at, "spec_name");
    version->network_name = read_optional_string(reader, at, "network_name");
    version->update_date = read_optional_string(reader, at, "update_date");
    if (post_processings.json != NULL && read_array_here(reader, &post_processings))
        version->post_processings = read_text(reader, &post_processings);
}

const struct shape version_shape = {sizeof(dm_version), read_version};

static void read_account(struct reader *reader, const struct place *at, void *item)
{
    dm_account *account = item;
    account->id = read_optional_integer(reader, at, "id");
    account->name = read_optional_string(reader, at, "name");
    account->json = read_text(reader, at);
}

const struct shape account_shape = {sizeof(dm_account), read_account};

/* ---- Inference ---- */

static const dm_bbox *read_bbox(struct reader *reader, const struct place *roi)
{
    const struct place at = place_member(roi, "bbox", false);
    const bool is_there = at.json != NULL && read_object_here(reader, &at);
    dm_bbox *bbox = is_there ? reader_alloc(reader, 1, sizeof *bbox) : NULL;
    if (bbox == NULL)
        return NULL;
    bbox->xmin = read_number(reader, &at, "xmin");
    bbox->ymin = read_number(reader, &at, "ymin");
    bbox->xmax = read_number(reader, &at, "xmax");
    bbox->ymax = read_number(reader, &at, "ymax");
    return bbox;
}

static const dm_roi *read_roi(struct reader *reader, const struct place *prediction)
{
    const struct place at = place_member(prediction, "roi", false);
    const bool is_there = at.json != NULL && read_object_here(reader, &at);
    dm_roi *roi = is_there ? reader_alloc(reader, 1, sizeof *roi) : NULL;
    if (roi == NULL)
        return NULL;
    roi->region_id = read_integer(reader, &at, "region_id");
    roi->bbox = read_bbox(reader, &at);
    return roi;
}

static void read_prediction(struct reader *reader, const struct place *at, void *item)
{
    dm_prediction *prediction = item;
    if (!read_object_here(reader, at))
        return;
    prediction->label_id = read_integer(reader, at, "label_id");
    prediction->label_name = read_string(reader, at, "label_name");
    prediction->score = read_number(reader, at, "score");
    prediction->threshold = read_number(reader, at, "threshold");
    prediction->roi = read_roi(reader, at);
    prediction->sequence_index = read_optional_integer(reader, at, "sequence_index");
    prediction->sequence_time = read_optional_number(reader, at, "sequence_time");
}

static const struct shape prediction_shape = {sizeof(dm_prediction), read_prediction};

/* As read_output: an output of a kind that we do not know stays empty. */
static void read_output_inference(struct reader *reader, const struct place *at, void *item)
{
    dm_labels_inference *into = &((dm_output_inference *)item)->labels;
    const struct place labels = place_member(at, "labels", false);
    if (!read_object_here(reader, at) || labels.json == NULL || !read_object_here(reader, &labels))
        return;
    const struct place predicted = place_member(&labels, "predicted", false);
    const struct place discarded = place_member(&labels, "discarded", false);
    read_array_here(reader, &predicted);
    into->predicted = read_array(reader, &predicted, &prediction_shape, &into->predicted_count);
    into->discarded = read_array(reader, &discarded, &prediction_shape, &into->discarded_count);
}

static const struct shape output_inference_shape = {sizeof(dm_output_inference), read_output_inference};

/* Data without an array of outputs comes from another endpoint than an inference. */
static const dm_inference *read_inference(struct reader *reader, const struct place *data)
{
    const struct place outputs = place_member(data, "outputs", false);
    dm_inference *inference = cJSON_IsArray(outputs.json) ? reader_alloc(reader, 1, sizeof *inference) : NULL;
    if (inference == NULL)
        return NULL;
    inference->outputs = read_array(reader, &outputs, &output_inference_shape, &inference->output_count);
    return inference;
}

/* ---- Tasks ---- */

static dm_task_status read_task_status(struct reader *reader, const struct place *task)
{
    const struct place at = place_member(task, "status", false);
    if (cJSON_IsString(at.json) && strcmp(at.json->valuestring, "pending") == 0)
        return DM_TASK_PENDING;
    if (cJSON_IsString(at.json) && strcmp(at.json->valuestring, "success") == 0)
        return DM_TASK_SUCCESS;
    if (!cJSON_IsString(at.json) || strcmp(at.json->valuestring, "error") != 0)
        reader_fail(reader, &at, "is none of \"pending\", \"success\" and \"error\"");
    return DM_TASK_ERROR;
}

static void read_task_details(struct reader *reader, const struct place *at, dm_task *task)
{
    const struct place data = place_member(at, "data", true);
    task->error = task->status == DM_TASK_ERROR ? read_optional_string(reader, at, "error") : NULL;
    task->date_created = read_optional_string(reader, at, "date_created");
    task->date_updated = read_optional_string(reader, at, "date_updated");
    task->data = read_text(reader, &data);
    task->inference = read_inference(reader, &data);
}

static void read_task(struct reader *reader, const struct place *at, void *item)
{
    dm_task *task = item;
    task->id = read_task_id(reader, at, "id");
    task->status = read_task_status(reader, at);
    read_task_details(reader, at, task);
}

const struct shape task_shape = {sizeof(dm_task), read_task};

/* ---- Pages ---- */

/* A page's array; every list of the API has one. */
static struct place read_results(struct reader *reader, const struct place *page)
{
    const struct place results = place_member(page, "results", true);
    read_array_here(reader, &results);
    return results;
}

static void read_spec_page(struct reader *reader, const struct place *at, void *item)
{
    dm_spec_page *page = item;
    const struct place results = read_results(reader, at);
    page->count = read_integer(reader, at, "count");
    page->next = read_optional_string(reader, at, "next");
    page->previous = read_optional_string(reader, at, "previous");
    page->results = read_array(reader, &results, &spec_shape, &page->result_count);
}

const struct shape spec_page_shape = {sizeof(dm_spec_page), read_spec_page};

static void read_version_page(struct reader *reader, const struct place *at, void *item)
{
    dm_version_page *page = item;
    const struct place results = read_results(reader, at);
    page->count = read_integer(reader, at, "count");
    page->next = read_optional_string(reader, at, "next");
    page->previous = read_optional_string(reader, at, "previous");
    page->results = read_array(reader, &results, &version_shape, &page->result_count);
}

const struct shape version_page_shape = {sizeof(dm_version_page), read_version_page};

/* ---- Whole replies ---- */

void *decode(const struct reply *reply, const struct shape *shape, struct failure *failure)
{
    struct reader reader;
    struct arena *made = failure->status == DM_OK ? arena_new(shape->size) : NULL;

    if (failure->status != DM_OK)
        return NULL;
    reader_open(&reader, reply, made, failure);
    const struct place root = read_root(&reader);
    if (failure->status == DM_OK)
        shape->read(&reader, &root, arena_root(made));
    reader_close(&reader);
    if (failure->status == DM_OK)
        return arena_root(made);
    arena_free(made);
    return NULL;
}

static void read_submission(struct reader *reader, const struct place *at, void *item)
{
    dm_task_id *id = item;
    *id = read_task_id(reader, at, "task_id");
}

const struct shape submission_shape = {sizeof(dm_task_id), read_submission};

void decode_nothing(const struct reply *reply, struct failure *failure)
{
    const bool is_blank = reply->body.length == 0 || reply->body.data[strspn(reply->body.data, " \t\r\n")] == '\0';
    if (failure->status == DM_OK && !is_blank)
        reader_scan(reply, failure);
}

/* ---- The tasks of a page, those of them that somebody waits for ---- */

struct task_sink {
    decode_task_slot slot;
    void *context;
};

static void sink_task(struct reader *reader, const struct place *at, const struct task_sink *sink)
{
    dm_task task = {.id = read_task_id(reader, at, "id"), .status = read_task_status(reader, at)};
    dm_task *slot = reader->failure->status == DM_OK ? sink->slot(sink->context, &task.id, task.status) : NULL;
    if (slot == NULL)
        return;
    read_task_details(reader, at, &task);
    if (reader->failure->status == DM_OK)
        *slot = task;
}

static void sink_tasks(struct reader *reader, const struct place *page, const struct task_sink *sink)
{
    const struct place results = read_results(reader, page);
    struct place item = {.parent = &results};
    struct json_slice slice = {NULL, 0};

    cJSON_ArrayForEach(item.json, results.json)
    {
        if (reader->failure->status != DM_OK || !read_object_here(reader, &item) ||
            !json_next_item(results.text, &slice))
            return;
        item.text = slice;
        sink_task(reader, &item, sink);
        item.index++;
    }
}

static void write_next(struct reader *reader, const struct place *page, struct text *next)
{
    const struct place at = place_member(page, "next", false);
    text_clear(next);
    if (at.json == NULL)
        return;
    const char *link = read_string_here(reader, &at);
    if (link != NULL)
        text_append_string(next, link);
    if (next->status != DM_OK)
        reader_fail_memory(reader);
}

void decode_task_page(const struct reply *reply, struct arena *arena, decode_task_slot slot, void *context,
                      struct text *next, struct failure *failure)
{
    struct reader reader;
    const struct task_sink sink = {slot, context};

    if (failure->status != DM_OK)
        return;
    reader_open(&reader, reply, arena, failure);
    const struct place root = read_root(&reader);
    if (failure->status == DM_OK)
        sink_tasks(&reader, &root, &sink);
    if (failure->status == DM_OK)
        write_next(&reader, &root, next);
    reader_close(&reader);
}

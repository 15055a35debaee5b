#include "results.h"

#include "check.h"

#include <math.h>
#include <string.h>

static void claim_number(double number)
{
    CLAIM(isfinite(number));
}

static void claim_array(const void *items, size_t count)
{
    CLAIM((items != NULL) == (count > 0));
}

void claim_task_id(const dm_task_id *id)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const size_t length = strnlen(id->text, sizeof id->text);
    CLAIM(length > 0 && length < sizeof id->text);
    CLAIM(strspn(id->text, allowed) == length);
}

/* ---- Specifications ---- */

static void claim_output(const dm_output *output)
{
    const dm_labels_output *labels = &output->labels;
    claim_array(labels->labels, labels->label_count);
    for (size_t i = 0; i < labels->label_count; i++) {
        claim_text(labels->labels[i].name);
    }
    CLAIM(labels->roi >= DM_ROI_NONE && labels->roi <= DM_ROI_OTHER);
}

void claim_spec(const dm_spec *spec)
{
    claim_optional_text(spec->id.public_id);
    claim_text(spec->name);
    claim_optional_text(spec->description);
    claim_optional_text(spec->update_date);
    if (spec->metadata != NULL)
        claim_json(spec->metadata, "{");
    if (spec->task_id != NULL)
        claim_task_id(spec->task_id);
    claim_array(spec->outputs, spec->output_count);
    for (size_t i = 0; i < spec->output_count; i++)
        claim_output(&spec->outputs[i]);
}

void claim_spec_page(const dm_spec_page *page)
{
    claim_optional_text(page->next);
    claim_optional_text(page->previous);
    claim_array(page->results, page->result_count);
    for (size_t i = 0; i < page->result_count; i++)
        claim_spec(&page->results[i]);
}

/* ---- Networks ---- */

void claim_network(const dm_network *network)
{
    claim_text(network->name);
    if (network->id.public_id != NULL)
        claim_text(network->id.public_id);
    claim_optional_text(network->description);
    claim_optional_text(network->update_date);
    claim_optional_text(network->create_date);
    claim_optional_text(network->framework);
    if (network->metadata != NULL)
        claim_json(network->metadata, "{");
    if (network->preprocessing != NULL)
        claim_json(network->preprocessing, "{");
    if (network->postprocessings != NULL)
        claim_json(network->postprocessings, "[");
    if (network->task_id != NULL)
        claim_task_id(network->task_id);
}

void claim_network_page(const dm_network_page *page)
{
    claim_optional_text(page->next);
    claim_optional_text(page->previous);
    claim_array(page->results, page->result_count);
    for (size_t i = 0; i < page->result_count; i++)
        claim_network(&page->results[i]);
}

/* ---- Versions, the account ---- */

void claim_version(const dm_version *version)
{
    claim_optional_text(version->spec_name);
    claim_optional_text(version->network_name);
    claim_optional_text(version->update_date);
    if (version->post_processings != NULL)
        claim_json(version->post_processings, "[");
}

void claim_version_page(const dm_version_page *page)
{
    claim_optional_text(page->next);
    claim_optional_text(page->previous);
    claim_array(page->results, page->result_count);
    for (size_t i = 0; i < page->result_count; i++)
        claim_version(&page->results[i]);
}

void claim_account(const dm_account *account)
{
    claim_optional_text(account->name);
    claim_json(account->json, "{");
}

/* ---- Tasks ---- */

static void claim_prediction(const dm_prediction *prediction)
{
    claim_text(prediction->label_name);
    claim_number(prediction->score);
    claim_number(prediction->threshold);
    if (prediction->roi != NULL && prediction->roi->bbox != NULL) {
        const dm_bbox *bbox = prediction->roi->bbox;
        claim_number(bbox->xmin);
        claim_number(bbox->ymin);
        claim_number(bbox->xmax);
        claim_number(bbox->ymax);
    }
    if (prediction->sequence_time != NULL)
        claim_number(*prediction->sequence_time);
}

static void claim_predictions(const dm_prediction *predictions, size_t count)
{
    claim_array(predictions, count);
    for (size_t i = 0; i < count; i++)
        claim_prediction(&predictions[i]);
}

static void claim_inference(const dm_inference *inference)
{
    claim_array(inference->outputs, inference->output_count);
    for (size_t i = 0; i < inference->output_count; i++) {
        const dm_labels_inference *labels = &inference->outputs[i].labels;
        claim_predictions(labels->predicted, labels->predicted_count);
        claim_predictions(labels->discarded, labels->discarded_count);
    }
}

void claim_task(const dm_task *task)
{
    claim_task_id(&task->id);
    CLAIM(task->status != DM_TASK_MISSING && task->status >= DM_TASK_PENDING && task->status <= DM_TASK_UNREADABLE);
    CLAIM(task->error == NULL || task->status == DM_TASK_ERROR || task->status == DM_TASK_UNREADABLE);
    CLAIM(task->error != NULL || task->status != DM_TASK_UNREADABLE);
    claim_optional_text(task->error);
    claim_optional_text(task->date_created);
    claim_optional_text(task->date_updated);
    CLAIM(task->inference == NULL || task->data != NULL);
    if (task->inference != NULL)
        claim_inference(task->inference);
    if (task->data != NULL)
        claim_json(task->data, task->inference != NULL ? "{" : "{[\"-0123456789tf");
}

#include "answers.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void say(struct answer *answer, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct answer *answer, const char *format, ...)
{
    const size_t used = strlen(answer->words);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(answer->words + used, sizeof answer->words - used, format, arguments);
    va_end(arguments);
}

/* Returns whether there is a result to describe. */
static bool begin(struct answer *answer, dm_status status, const void *result)
{
    answer->status = status;
    answer->words[0] = '\0';
    if ((result != NULL) != (status == DM_OK))
        say(answer, "the result does not go with the status");
    else if (status != DM_OK)
        say(answer, "%s", answer->error.server_message);
    return result != NULL && status == DM_OK;
}

/* ---- Specifications ---- */

static void say_spec(struct answer *answer, const dm_spec *spec)
{
    say(answer, "%" PRId64 " %s %s", spec->id.private_id, spec->name, spec->metadata != NULL ? spec->metadata : "-");
    if (spec->output_count != 1)
        return;
    const dm_labels_output *labels = &spec->outputs[0].labels;
    say(answer, " %zu labels, %s", labels->label_count,
        labels->label_count > 0 ? labels->labels[labels->label_count - 1].name : "none");
}

void ask_spec(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_retrieve(client, dm_private_spec(42), call, &spec, &answer->error);
    if (begin(answer, status, spec))
        say_spec(answer, spec);
    dm_spec_free(spec);
}

void ask_create(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    static const dm_label label = {.id = 1, .name = "hot dog"};
    static const dm_output output = {.labels = {.labels = &label, .label_count = 1}};
    dm_spec *spec = NULL;
    const dm_status status = dm_spec_create(client, "s", &output, 1, NULL, call, &spec, &answer->error);
    if (begin(answer, status, spec))
        say_spec(answer, spec);
    dm_spec_free(spec);
}

void ask_spec_page(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    dm_spec_page *page = NULL;
    const dm_status status = dm_spec_list(client, DM_VISIBILITY_PRIVATE, NULL, call, &page, &answer->error);
    if (begin(answer, status, page)) {
        say(answer, "%zu of %" PRId64 ":", page->result_count, page->count);
        for (size_t i = 0; i < page->result_count; i++)
            say(answer, " %s,", page->results[i].name);
        say(answer, " %s", page->next != NULL ? page->next : "the last page");
    }
    dm_spec_page_free(page);
}

/* ---- Tasks ---- */

static void say_predictions(struct answer *answer, const dm_prediction *predictions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        say(answer, " %s %g %g;", predictions[i].label_name, predictions[i].score,
            predictions[i].roi != NULL && predictions[i].roi->bbox != NULL ? predictions[i].roi->bbox->xmin : 0);
}

static void say_task(struct answer *answer, const dm_task *task)
{
    static const char *const names[] = {"pending", "success", "error", "missing"};
    say(answer, "%s %s:", task->id.text, names[task->status]);
    if (task->inference == NULL)
        return;
    for (size_t i = 0; i < task->inference->output_count; i++) {
        const dm_labels_inference *labels = &task->inference->outputs[i].labels;
        say_predictions(answer, labels->predicted, labels->predicted_count);
        say_predictions(answer, labels->discarded, labels->discarded_count);
    }
}

static const dm_task_id task_123 = {"123"};

void ask_task(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    dm_task *task = NULL;
    const dm_status status = dm_task_retrieve(client, task_123, call, &task, &answer->error);
    if (begin(answer, status, task))
        say_task(answer, task);
    dm_task_free(task);
}

void ask_wait(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    dm_task *task = NULL;
    const dm_status status = dm_task_wait(client, task_123, call, &task, &answer->error);
    if (begin(answer, status, task))
        say_task(answer, task);
    dm_task_free(task);
}

void ask_submit(dm_client *client, const dm_call_options *call, struct answer *answer)
{
    const dm_input input = dm_image_bytes("not much of an image", 20);
    dm_task_id id = {""};
    const dm_status status = dm_spec_submit(client, dm_public_spec("p"), &input, 1, NULL, call, &id, &answer->error);
    if (begin(answer, status, id.text[0] != '\0' ? &id : NULL))
        say(answer, "%s", id.text);
}

#include "infer_output.h"
#include "csv_out.h"
#include "library_message.h"
#include "name.h"
#include "show_inference.h"
#include "status_line.h"
#include "streams.h"
#include "text.h"
#include "threshold.h"

#include <stdlib.h>
#include <unistd.h>

static void put_inference_json(const char *name, const dm_inference *inference)
{
    struct json json = {0};

    json_open(&json, NULL, '{');
    name_put_json(&json, name);
    inference_put_json(&json, inference);
    json_close(&json, '}');
    json_end(&json);
}

static void put_inference_table(const char *name, const dm_inference *inference)
{
    char *heading = name_quote(name);

    inference_put_table(heading, inference);
    free(heading);
}

/* The labels that the user wants to see: without --show-discarded, --threshold asks the service for more than those. */
static dm_inference *choose(const struct options *options, const dm_inference *inference)
{
    dm_inference *sorted = inference_sort(inference, options->threshold, options->max_predictions);

    if (!options_has(options, OPTION_SHOW_DISCARDED))
        inference_hide_discarded(sorted);
    return sorted;
}

static void put_inference(const struct infer_output *output, const char *name, const dm_inference *inference)
{
    if (options_has(output->options, OPTION_JSON))
        put_inference_json(name, inference);
    else if (options_has(output->options, OPTION_CSV))
        csv_put_inference(name, inference);
    else
        put_inference_table(name, inference);
    if (output->report != NULL)
        html_report_put_inference(output->report, name, inference);
}

static void put_recognised(const struct infer_output *output, const struct job *job)
{
    if (!options_has(output->options, OPTION_THRESHOLD)) {
        put_inference(output, job->name, job->inference);
        return;
    }
    dm_inference *chosen = choose(output->options, job->inference);
    put_inference(output, job->name, chosen);
    inference_sorted_free(chosen);
}

/* "ID<tab>NAME", or a line of JSON */
static void put_task_id(const struct infer_output *output, const struct job *job)
{
    struct json json = {0};

    if (!options_has(output->options, OPTION_JSON)) {
        char *quoted = name_quote(job->name);
        printf("%s\t%s\n", job->task_id.text, quoted);
        free(quoted);
        return;
    }
    json_open(&json, NULL, '{');
    name_put_json(&json, job->name);
    json_string(&json, "task_id", job->task_id.text);
    json_close(&json, '}');
    json_end(&json);
}

static void put_failure_json(const struct job *job, const char *message)
{
    struct json json = {0};
    const dm_error *error = &job->error;

    json_open(&json, NULL, '{');
    name_put_json(&json, job->name);
    json_open(&json, "error", '{');
    json_string(&json, "status", dm_status_name(job->status));
    if (error->http_status != 0)
        json_integer(&json, "http_status", error->http_status);
    else
        json_null(&json, "http_status");
    json_string(&json, "message", message);
    if (error->task_id.text[0] != '\0')
        json_string(&json, "task_id", error->task_id.text);
    else
        json_null(&json, "task_id");
    json_close(&json, '}');
    json_close(&json, '}');
    json_end(&json);
}

static void put_failure(const struct infer_output *output, const struct job *job, bool quiet)
{
    struct library_message message;

    library_message_translate(&message, &job->error);
    if (options_has(output->options, OPTION_JSON))
        put_failure_json(job, message.text);
    if (options_has(output->options, OPTION_CSV))
        csv_put_failure(job->name, message.text);
    if (output->report != NULL)
        html_report_put_failure(output->report, job->name, message.text);
    if (!quiet)
        report_image(job->name, &job->error);
}

void infer_output_put(const struct infer_output *output, const struct job *job, bool quiet)
{
    if (isatty(STDOUT_FILENO))
        status_line_clear();
    if (job->status != DM_OK)
        put_failure(output, job, quiet);
    else if (job->inference != NULL)
        put_recognised(output, job);
    else
        put_task_id(output, job);
}

bool infer_output_open(struct infer_output *output, const struct options *options)
{
    *output = (struct infer_output){.options = options};
    if (options_has(options, OPTION_CSV))
        csv_put_header();
    if (options->report == NULL)
        return true;
    output->report = html_report_open(options->report);
    return output->report != NULL;
}

bool infer_output_flush(const struct infer_output *output)
{
    return output_flush() && (output->report == NULL || html_report_flush(output->report));
}

bool infer_output_close(struct infer_output *output)
{
    return output->report == NULL || html_report_close(output->report);
}

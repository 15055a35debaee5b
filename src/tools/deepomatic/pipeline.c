#include "pipeline.h"
#include "memory.h"
#include "submitters.h"

#include <poll.h>
#include <stdlib.h>

struct pipeline {
    const struct cli *cli;
    dm_infer_options options;
    dm_queue *queue;               /* NULL with --no-wait */
    struct submitters *submitters; /* NULL without it */
    size_t in_flight;
};

int64_t pipeline_jobs(const struct options *options)
{
    return options->jobs != 0 ? options->jobs : 16;
}

/* With --no-wait: as many threads as connections. */
static size_t count_threads(const struct options *options)
{
    const int64_t connections = options->max_connections != 0 ? options->max_connections : 8;
    const int64_t jobs = pipeline_jobs(options);

    return (size_t)(jobs < connections ? jobs : connections);
}

static bool open_queue(struct pipeline *pipeline, dm_error *error)
{
    const struct cli *cli = pipeline->cli;
    const dm_queue_options options = {
        .max_in_flight = (size_t)pipeline_jobs(cli->options),
        .max_connections = (int)cli->options->max_connections,
        .image_timeout_ms = cli->call.timeout_ms,
    };

    return dm_queue_new(cli->client, &options, &pipeline->queue, error) == DM_OK;
}

static bool open_submitters(struct pipeline *pipeline, dm_error *error)
{
    pipeline->submitters =
        submitters_open(pipeline->cli, &pipeline->options, count_threads(pipeline->cli->options), error);
    return pipeline->submitters != NULL;
}

struct pipeline *pipeline_open(const struct cli *cli, dm_error *error)
{
    const struct options *given = cli->options;
    struct pipeline *pipeline = memory_array(NULL, 1, sizeof *pipeline);

    *pipeline = (struct pipeline){.cli = cli};
    pipeline->options.max_predictions = given->max_predictions;
    /* Labels that the service discards may be above the user's threshold. */
    pipeline->options.show_discarded =
        options_has(given, OPTION_SHOW_DISCARDED) || options_has(given, OPTION_THRESHOLD);
    if (options_has(given, OPTION_NO_WAIT) ? open_submitters(pipeline, error) : open_queue(pipeline, error))
        return pipeline;
    free(pipeline);
    return NULL;
}

bool pipeline_has_room(const struct pipeline *pipeline)
{
    return pipeline->in_flight < (size_t)pipeline_jobs(pipeline->cli->options);
}

static void load(const struct pipeline *pipeline, struct job *job)
{
    const struct options *options = pipeline->cli->options;
    dm_error error;

    if (!image_load(job->name, options_has(options, OPTION_BASE64), options->timeout_ms, &job->image, &error)) {
        job_fail(job, &error);
        return;
    }
    job->image.input.bbox = options_has(options, OPTION_BBOX) ? &options->bbox : NULL;
    job->image.input.polygon = options->polygon.points;
    job->image.input.polygon_count = options->polygon.count;
    job->image.input.crop_uniform_background = options_has(options, OPTION_CROP_UNIFORM_BACKGROUND);
}

static void enqueue(struct pipeline *pipeline, struct job *job)
{
    const struct operands *target = pipeline->cli->operands;
    dm_status status;
    dm_error error;

    if (job->task_id.text[0] != '\0')
        status = dm_queue_push_task(pipeline->queue, job->task_id, job, &error);
    else if (target->version_id != 0)
        status = dm_queue_push_version(pipeline->queue, target->version_id, &job->image.input, 1, &pipeline->options,
                                       job, &error);
    else
        status =
            dm_queue_push_spec(pipeline->queue, target->spec, &job->image.input, 1, &pipeline->options, job, &error);
    if (status == DM_OK)
        pipeline->in_flight++;
    else
        job_fail(job, &error);
}

void pipeline_push(struct pipeline *pipeline, struct job *job)
{
    if (job->task_id.text[0] == '\0')
        load(pipeline, job);
    if (job->done)
        return;
    if (pipeline->queue != NULL) {
        enqueue(pipeline, job);
        return;
    }
    submitters_push(pipeline->submitters, job);
    pipeline->in_flight++;
}

/* Waits for a result. */
static void take_result(struct pipeline *pipeline)
{
    dm_result *result = NULL;

    if (pipeline->queue == NULL)
        job_submitted(submitters_take(pipeline->submitters));
    else if (dm_queue_next(pipeline->queue, NULL, &result, NULL) == DM_OK)
        job_finish(result->tag, result);
    pipeline->in_flight--;
}

int pipeline_descriptor(const struct pipeline *pipeline)
{
    return pipeline->queue != NULL ? dm_queue_descriptor(pipeline->queue) : submitters_descriptor(pipeline->submitters);
}

static bool has_result(const struct pipeline *pipeline)
{
    struct pollfd results = {.fd = pipeline_descriptor(pipeline), .events = POLLIN};

    return poll(&results, 1, 0) == 1;
}

void pipeline_collect(struct pipeline *pipeline)
{
    while (pipeline->in_flight > 0 && has_result(pipeline))
        take_result(pipeline);
}

/* The token ends the calls that submit. */
void pipeline_cancel(struct pipeline *pipeline)
{
    if (pipeline->queue != NULL)
        dm_queue_cancel(pipeline->queue);
    else
        dm_cancel_fire(pipeline->cli->call.cancel);
    while (pipeline->in_flight > 0)
        take_result(pipeline);
}

void pipeline_close(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    dm_queue_free(pipeline->queue);
    submitters_close(pipeline->submitters);
    free(pipeline);
}

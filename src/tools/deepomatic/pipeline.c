#include "pipeline.h"
#include "memory.h"

#include <poll.h>
#include <stdlib.h>

struct pipeline {
    const struct cli *cli;
    dm_infer_options options;
    dm_queue *queue;
    size_t in_flight;
};

int64_t pipeline_jobs(const struct options *options)
{
    return options->jobs != 0 ? options->jobs : 16;
}

struct pipeline *pipeline_open(const struct cli *cli, dm_error *error)
{
    const struct options *given = cli->options;
    const dm_queue_options options = {
        .max_in_flight = (size_t)pipeline_jobs(given),
        .max_connections = (int)given->max_connections,
        .image_timeout_ms = cli->call.timeout_ms,
    };
    dm_queue *queue = NULL;

    if (dm_queue_new(cli->client, &options, &queue, error) != DM_OK)
        return NULL;
    struct pipeline *pipeline = memory_array(NULL, 1, sizeof *pipeline);
    *pipeline = (struct pipeline){.cli = cli, .queue = queue};
    pipeline->options.max_predictions = given->max_predictions;
    /* Labels that the service discards may be above the user's threshold. */
    pipeline->options.show_discarded =
        options_has(given, OPTION_SHOW_DISCARDED) || options_has(given, OPTION_THRESHOLD);
    return pipeline;
}

bool pipeline_has_room(const struct pipeline *pipeline)
{
    return pipeline->in_flight < (size_t)pipeline_jobs(pipeline->cli->options);
}

static void load(const struct pipeline *pipeline, struct job *job)
{
    const struct options *options = pipeline->cli->options;
    dm_error error;

    if (!image_load(job->name, options_has(options, OPTION_BASE64), &job->image, &error)) {
        job_fail(job, &error);
        return;
    }
    job->image.input.bbox = options_has(options, OPTION_BBOX) ? &options->bbox : NULL;
    job->image.input.polygon = options->polygon.points;
    job->image.input.polygon_count = options->polygon.count;
    job->image.input.crop_uniform_background = options_has(options, OPTION_CROP_UNIFORM_BACKGROUND);
}

/* --no-wait: the job is done when its task has been created. */
static void submit(const struct pipeline *pipeline, struct job *job)
{
    const struct cli *cli = pipeline->cli;
    const struct operands *target = cli->operands;

    if (target->version_id != 0)
        job->status = dm_version_submit(cli->client, target->version_id, &job->image.input, 1, &pipeline->options,
                                        &cli->call, &job->task_id, &job->error);
    else
        job->status = dm_spec_submit(cli->client, target->spec, &job->image.input, 1, &pipeline->options, &cli->call,
                                     &job->task_id, &job->error);
    job->done = true;
    image_free(&job->image);
}

static void enqueue(struct pipeline *pipeline, struct job *job)
{
    const struct operands *target = pipeline->cli->operands;
    dm_status status;
    dm_error error;

    if (target->version_id != 0)
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
    load(pipeline, job);
    if (job->done)
        return;
    if (options_has(pipeline->cli->options, OPTION_NO_WAIT))
        submit(pipeline, job);
    else
        enqueue(pipeline, job);
}

/* Waits for a result. False: there is none to wait for. */
static bool take_result(struct pipeline *pipeline)
{
    dm_result *result = NULL;

    if (dm_queue_next(pipeline->queue, NULL, &result, NULL) != DM_OK)
        return false;
    pipeline->in_flight--;
    job_finish(result->tag, result);
    return true;
}

int pipeline_descriptor(const struct pipeline *pipeline)
{
    return dm_queue_descriptor(pipeline->queue);
}

static bool has_result(const struct pipeline *pipeline)
{
    struct pollfd queue = {.fd = pipeline_descriptor(pipeline), .events = POLLIN};

    return poll(&queue, 1, 0) == 1;
}

void pipeline_collect(struct pipeline *pipeline)
{
    while (has_result(pipeline) && take_result(pipeline))
        continue;
}

void pipeline_cancel(struct pipeline *pipeline)
{
    dm_queue_cancel(pipeline->queue);
    while (take_result(pipeline))
        continue;
}

void pipeline_close(struct pipeline *pipeline)
{
    if (pipeline == NULL)
        return;
    dm_queue_free(pipeline->queue);
    free(pipeline);
}

#include "pipeline.h"
#include "memory.h"

#include <stdlib.h>

struct pipeline {
    const struct cli *cli;
    dm_infer_options options;
};

int64_t pipeline_jobs(const struct options *options)
{
    return options->jobs != 0 ? options->jobs : 16;
}

struct pipeline *pipeline_open(const struct cli *cli, dm_error *error)
{
    struct pipeline *pipeline = memory_array(NULL, 1, sizeof *pipeline);

    (void)error;
    *pipeline = (struct pipeline){
        .cli = cli,
        .options =
            {
                .show_discarded =
                    options_has(cli->options, OPTION_SHOW_DISCARDED) || options_has(cli->options, OPTION_THRESHOLD),
                .max_predictions = cli->options->max_predictions,
            },
    };
    return pipeline;
}

bool pipeline_has_room(const struct pipeline *pipeline)
{
    (void)pipeline;
    return true;
}

static dm_status submit(struct pipeline *pipeline, struct job *job)
{
    const struct cli *cli = pipeline->cli;
    const struct operands *target = cli->operands;

    if (target->version_id != 0)
        return dm_version_submit(cli->client, target->version_id, &job->image.input, 1, &pipeline->options, &cli->call,
                                 &job->task_id, &job->error);
    return dm_spec_submit(cli->client, target->spec, &job->image.input, 1, &pipeline->options, &cli->call,
                          &job->task_id, &job->error);
}

static dm_status recognise(struct pipeline *pipeline, struct job *job)
{
    const struct cli *cli = pipeline->cli;
    const struct operands *target = cli->operands;

    if (target->version_id != 0)
        return dm_version_infer(cli->client, target->version_id, &job->image.input, 1, &pipeline->options, &cli->call,
                                &job->inference, &job->error);
    return dm_spec_infer(cli->client, target->spec, &job->image.input, 1, &pipeline->options, &cli->call,
                         &job->inference, &job->error);
}

static bool load(const struct pipeline *pipeline, struct job *job)
{
    const struct options *options = pipeline->cli->options;
    dm_error error;

    if (!image_load(job->name, options_has(options, OPTION_BASE64), &job->image, &error)) {
        job_fail(job, &error);
        return false;
    }
    job->image.input.bbox = options_has(options, OPTION_BBOX) ? &options->bbox : NULL;
    job->image.input.polygon = options->polygon.points;
    job->image.input.polygon_count = options->polygon.count;
    job->image.input.crop_uniform_background = options_has(options, OPTION_CROP_UNIFORM_BACKGROUND);
    return true;
}

void pipeline_push(struct pipeline *pipeline, struct job *job)
{
    if (!load(pipeline, job))
        return;
    job->status =
        options_has(pipeline->cli->options, OPTION_NO_WAIT) ? submit(pipeline, job) : recognise(pipeline, job);
    job->done = true;
}

void pipeline_collect(struct pipeline *pipeline)
{
    (void)pipeline;
}

int pipeline_descriptor(const struct pipeline *pipeline)
{
    (void)pipeline;
    return -1;
}

void pipeline_cancel(struct pipeline *pipeline)
{
    (void)pipeline;
}

void pipeline_close(struct pipeline *pipeline)
{
    free(pipeline);
}

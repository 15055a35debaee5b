#include "infer_run.h"
#include "image_source.h"
#include "infer_failure.h"
#include "infer_output.h"
#include "interrupt.h"
#include "open_tasks.h"
#include "pipeline.h"
#include "progress.h"
#include "streams.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct run {
    const struct cli *cli;
    const struct name_map *earlier; /* see resume.h */
    struct image_source source;
    struct pipeline *pipeline;
    struct job_list jobs;
    size_t most_jobs; /* those in flight, and those that wait for the result of an earlier one */
    struct infer_output output;
    struct progress progress;
    enum exit_status status;
    bool stopped;        /* no new images are taken */
    bool cancelled;      /* nothing is in flight any more */
    bool output_lost;    /* standard output or the report cannot be written */
    dm_error general;    /* the failure that all images would have; status DM_OK if there is none */
    size_t failed_alike; /* further images with this failure */
};

/* ---- Taking images ---- */

/* The task of an image that was submitted by an earlier run. */
static void note_earlier_task(const struct run *run, struct job *job)
{
    const char *task = name_map_get(run->earlier, job->name);

    if (task != NULL)
        snprintf(job->task_id.text, sizeof job->task_id.text, "%s", task);
}

static void take_image(struct run *run)
{
    char *name = NULL;
    dm_error error;
    const enum source_state state = image_source_next(&run->source, &name, &error);
    struct job *job = job_new(name);

    note_earlier_task(run, job);
    job_list_add(&run->jobs, job);
    if (state == SOURCE_FAILED)
        job_fail(job, &error);
    else
        pipeline_push(run->pipeline, job);
}

static bool has_room(const struct run *run)
{
    return !run->stopped && run->jobs.count < run->most_jobs && pipeline_has_room(run->pipeline);
}

static bool image_is_there(struct run *run)
{
    const enum source_state state = image_source_peek(&run->source);

    return state == SOURCE_IMAGE || state == SOURCE_FAILED;
}

static bool can_take_image(struct run *run)
{
    return has_room(run) && image_is_there(run);
}

/* ---- Stopping early ---- */

static void stop_after_signal(struct run *run)
{
    if (run->stopped || !interrupt_arrived())
        return;
    run->stopped = true;
    if (!interrupt_cancelled() && run->jobs.count > 0)
        report("stopping when the images in flight are done: %zu; Ctrl-C again cancels them", run->jobs.count);
}

static bool is_like(const dm_error *error, const dm_error *other)
{
    return other->status != DM_OK && error->status == other->status && error->http_status == other->http_status;
}

static bool has_more(struct run *run)
{
    return run->jobs.count > 0 || image_source_peek(&run->source) != SOURCE_END;
}

/* After a failure: would the other images fail in the same way? */
static void stop_after_failure(struct run *run, const struct job *job)
{
    if (run->stopped || !has_more(run) || !infer_failure_is_general(run->cli, job->status, &job->error))
        return;
    run->stopped = true;
    run->general = job->error;
}

static size_t count_rest(struct run *run)
{
    size_t count = 0;

    while (image_is_there(run)) {
        char *name = NULL;
        dm_error error;
        count += image_source_next(&run->source, &name, &error) == SOURCE_IMAGE;
        free(name);
    }
    return count;
}

static void report_stopped(struct run *run)
{
    if (run->general.status == DM_OK)
        return;
    if (run->failed_alike > 0)
        report("further images that failed in the same way: %zu", run->failed_alike);
    report("stopped, because other images would fail in the same way; images not tried: %zu", count_rest(run));
}

/* ---- Results ---- */

/* Prints the result of one job. Those that were cancelled were reported together. */
static void finish(struct run *run, struct job *job)
{
    const bool failed = job->status != DM_OK;
    const bool alike = failed && is_like(&job->error, &run->general);

    job_list_remove(&run->jobs, job);
    infer_output_put(&run->output, job, alike || job->status == DM_ERR_CANCELLED);
    progress_note(&run->progress, failed);
    run->failed_alike += alike;
    if (failed) {
        run->status = STATUS_FAILED;
        stop_after_failure(run, job);
    }
    job_free(job);
}

static void print_results(struct run *run)
{
    const bool in_order = !options_has(run->cli->options, OPTION_UNORDERED);
    struct job *job;

    while (!run->output_lost && (job = job_list_done(&run->jobs, in_order)) != NULL) {
        finish(run, job);
        run->output_lost = !infer_output_flush(&run->output);
    }
}

/* ---- The loop ---- */

static void cancel(struct run *run)
{
    run->stopped = true;
    run->cancelled = true;
    pipeline_cancel(run->pipeline);
    if (!run->output_lost || !output_has_no_reader())
        open_tasks_report(&run->jobs);
}

/* Returns when a result or a name may be available, or after a short time. */
static void await(struct run *run)
{
    const bool needs_name = has_room(run) && image_source_peek(&run->source) == SOURCE_WAIT;
    struct pollfd events[] = {
        {.fd = pipeline_descriptor(run->pipeline), .events = POLLIN},
        {.fd = needs_name ? image_source_descriptor(&run->source) : -1, .events = POLLIN},
    };

    poll(events, sizeof events / sizeof events[0], 200);
}

static bool is_finished(struct run *run)
{
    return run->jobs.count == 0 && (run->stopped || image_source_peek(&run->source) == SOURCE_END);
}

static void recognise_all(struct run *run)
{
    while (!run->output_lost && !is_finished(run)) {
        if (can_take_image(run))
            take_image(run);
        pipeline_collect(run->pipeline);
        stop_after_signal(run);
        if (interrupt_cancelled() && !run->cancelled)
            cancel(run);
        print_results(run);
        progress_update(&run->progress);
        if (!can_take_image(run) && job_list_done(&run->jobs, true) == NULL && !is_finished(run))
            await(run);
    }
}

/* ---- From start to end ---- */

/* 0: unknown, because the list can be read only once. */
static uint64_t count_images(const struct cli *cli, const struct name_map *earlier)
{
    const char *list = cli->options->files_from;
    struct run counting = {.cli = cli};
    struct stat found;
    dm_error error;

    if (list != NULL && (strcmp(list, "-") == 0 || stat(list, &found) != 0 || !S_ISREG(found.st_mode)))
        return 0;
    if (!image_source_open(&counting.source, cli->options, cli->operands->images, earlier, &error))
        return 0;
    const size_t count = count_rest(&counting);
    image_source_close(&counting.source);
    return count;
}

static void end(struct run *run)
{
    while (run->jobs.first != NULL) {
        struct job *job = run->jobs.first;
        job_list_remove(&run->jobs, job);
        job_free(job);
    }
    progress_end(&run->progress);
    report_stopped(run);
    if (interrupt_arrived())
        run->status = STATUS_FAILED;
}

static void recognise_from_start(struct run *run)
{
    const bool counts = progress_is_wanted(run->cli->options);

    progress_begin(&run->progress, run->cli->options, counts ? count_images(run->cli, run->earlier) : 0);
    recognise_all(run);
    if (run->output_lost) {
        run->status = STATUS_FAILED;
        cancel(run);
    }
    end(run);
}

static bool open_run(struct run *run, dm_error *error)
{
    const struct options *options = run->cli->options;

    if (!image_source_open(&run->source, options, run->cli->operands->images, run->earlier, error)) {
        report_file("files-from", file_display_name(options->files_from), error->message);
        return false;
    }
    run->pipeline = pipeline_open(run->cli, error);
    if (run->pipeline == NULL)
        report_call(error->status, error);
    return run->pipeline != NULL && infer_output_open(&run->output, options);
}

enum exit_status infer_run(const struct cli *cli, const struct name_map *earlier)
{
    struct run run = {.cli = cli, .earlier = earlier, .status = STATUS_FAILED};
    dm_error error;

    run.most_jobs = 4 * (size_t)pipeline_jobs(cli->options);
    interrupt_spare_running();
    if (open_run(&run, &error)) {
        run.status = STATUS_OK;
        recognise_from_start(&run);
    }
    pipeline_close(run.pipeline);
    if (!infer_output_close(&run.output))
        run.status = STATUS_FAILED;
    image_source_close(&run.source);
    return run.status;
}

/* Hands images to the library, and gives them back with their results. */
#ifndef CLI_PIPELINE_H
#define CLI_PIPELINE_H

#include "command.h"
#include "job.h"

struct pipeline;

/* How many images are in flight at the same time: --jobs, or its default. */
int64_t pipeline_jobs(const struct options *options);

/* NULL: *error says why. */
struct pipeline *pipeline_open(const struct cli *cli, dm_error *error);

/* Returns true if it can take another image now. */
bool pipeline_has_room(const struct pipeline *pipeline);

/* Hands over an image, or its task from an earlier run. It stays in memory until the job is done, which may be
 * at once. */
void pipeline_push(struct pipeline *pipeline, struct job *job);

/* Notes the results that are ready. It does not wait. */
void pipeline_collect(struct pipeline *pipeline);

/* Readable while there is a result to collect; -1 if there is nothing to wait for. */
int pipeline_descriptor(const struct pipeline *pipeline);

/* Cancels everything in flight. All jobs are done afterwards. */
void pipeline_cancel(struct pipeline *pipeline);

void pipeline_close(struct pipeline *pipeline);

#endif

/* Submits the images of 'infer --no-wait', several at the same time: a call of the library for each, in a
 * few threads. */
#ifndef CLI_SUBMITTERS_H
#define CLI_SUBMITTERS_H

#include "command.h"
#include "job.h"

struct submitters;

/* With at most this many threads. NULL: *error says why. */
struct submitters *submitters_open(const struct cli *cli, const dm_infer_options *options, size_t thread_count,
                                   dm_error *error);

/* Hands over a job whose image is loaded. It must not move until submitters_take returns it. */
void submitters_push(struct submitters *submitters, struct job *job);

/* Waits for a job that is submitted or has failed: its status and its task id, or its error, are set. Call it once for
 * each job. */
struct job *submitters_take(struct submitters *submitters);

/* Readable while there is a job to take. */
int submitters_descriptor(const struct submitters *submitters);

/* All jobs must have been taken. NULL does nothing. */
void submitters_close(struct submitters *submitters);

#endif

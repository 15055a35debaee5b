/* An image from its turn to its printed result. */
#ifndef CLI_JOB_H
#define CLI_JOB_H

#include "image.h"

#include <deepomatic.h>

struct job {
    char *name; /* owned */
    struct image image;
    bool done; /* the fields below are set */
    dm_status status;
    dm_result *result;             /* owned; NULL with --no-wait, and for an image that was not added to the queue */
    const dm_inference *inference; /* the result's; NULL unless the image was recognised */
    dm_task_id task_id;            /* of --no-wait, or of an earlier run; otherwise "" */
    dm_error error;                /* if `status` is an error */
    struct job *previous;          /* in the list of jobs */
    struct job *next;
    struct job *next_in_line; /* of the submitters */
};

/* Takes over the name. */
struct job *job_new(char *name);

/* Marks the job as failed. */
void job_fail(struct job *job, const dm_error *error);

/* Takes over the job's result. */
void job_finish(struct job *job, dm_result *result);

/* Marks the job as done after an attempt to submit it, which has set its status and its task id or error. */
void job_submitted(struct job *job);

void job_free(struct job *job);

/* The jobs whose results were not printed yet, in the order of the images. Begin with `= {0}`. */
struct job_list {
    struct job *first;
    struct job *last;
    size_t count;
};

void job_list_add(struct job_list *list, struct job *job);
void job_list_remove(struct job_list *list, struct job *job);

/* The first job that is done. With `in_order`, only if no other one is before it. NULL: there is none yet. */
struct job *job_list_done(const struct job_list *list, bool in_order);

#endif

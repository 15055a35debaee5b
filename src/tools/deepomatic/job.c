#include "job.h"
#include "memory.h"

#include <stdlib.h>

struct job *job_new(char *name)
{
    struct job *job = memory_array(NULL, 1, sizeof *job);

    *job = (struct job){0};
    job->name = name;
    return job;
}

void job_fail(struct job *job, const dm_error *error)
{
    job->done = true;
    job->status = error->status;
    job->error = *error;
}

void job_finish(struct job *job, dm_result *result)
{
    job->result = result;
    job->inference = result->inference;
    if (result->status != DM_OK)
        job_fail(job, &result->error);
    job->done = true;
    image_free(&job->image);
}

void job_submitted(struct job *job)
{
    job->done = true;
    image_free(&job->image);
}

void job_free(struct job *job)
{
    dm_result_free(job->result);
    image_free(&job->image);
    free(job->name);
    free(job);
}

void job_list_add(struct job_list *list, struct job *job)
{
    job->previous = list->last;
    job->next = NULL;
    if (list->last != NULL)
        list->last->next = job;
    else
        list->first = job;
    list->last = job;
    list->count++;
}

void job_list_remove(struct job_list *list, struct job *job)
{
    if (job->previous != NULL)
        job->previous->next = job->next;
    else
        list->first = job->next;
    if (job->next != NULL)
        job->next->previous = job->previous;
    else
        list->last = job->previous;
    list->count--;
}

struct job *job_list_done(const struct job_list *list, bool in_order)
{
    struct job *job = list->first;

    while (job != NULL && !job->done && !in_order)
        job = job->next;
    return job != NULL && job->done ? job : NULL;
}

/* One image of a queue, from its push to its result. */
#ifndef DM_TICKET_H
#define DM_TICKET_H

#include "base/pace_wait.h"
#include "client/call.h"
#include "codec/encode.h"

struct shared_poll;

struct ticket {
    dm_result result; /* must be first: the application gets a pointer to it; its arena holds everything else */
    struct call call; /* the submission */
    struct pace_key pace_key;
    struct inference_job job;
    bool is_begun;        /* at least one attempt to submit it was made */
    int64_t submitted_at; /* when the service had accepted it */

    /* The task: */
    dm_task_id task_id;
    struct pace_wait wait;
    int64_t due_at;    /* when to poll next */
    int misses;        /* consecutive polls that did not find the task */
    size_t max_shared; /* the largest poll that may ask for it, if the last one failed as a whole; 0: any */

    /* Where it is: */
    uint64_t number;          /* of the push */
    struct ticket_list *list; /* the list that contains it, or NULL */
    struct ticket *previous;
    struct ticket *next;
    struct ticket *older; /* the one pushed before it, among those without a result */
    struct ticket *newer;
    struct shared_poll *poll; /* the running poll that asks for it, or NULL */
    size_t place;             /* its index in the poll */
};

/* Makes a ticket with a call that has this timeout. Returns NULL if out of memory. The caller then sets its resource
 * and its job, or its task. */
struct ticket *ticket_new(dm_client *client, int64_t timeout_ms, void *tag);

/* Checks the job and copies it, except for the images in memory. */
void ticket_set_job(struct ticket *ticket, const dm_input *inputs, size_t input_count, const dm_infer_options *options);

/* The ticket waits for a task that was submitted earlier, and has no job. */
void ticket_set_task(struct ticket *ticket, const dm_task_id *id);

/* Prepares the call's exchange for its next attempt, and opens the files. Returns false if the call has failed. */
bool ticket_prepare_attempt(struct ticket *ticket);

/* Closes the files after an attempt. */
void ticket_end_attempt(struct ticket *ticket);

/* Takes the result of the submission. The ticket then has a task, or its call has failed. */
void ticket_take_submission(struct ticket *ticket);

/* Takes the finished task from a poll. */
void ticket_take_task(struct ticket *ticket, const dm_task *task);

/* Fails with the failure of a poll. */
void ticket_fail_as(struct ticket *ticket, const struct failure *failure);

/* What kept the queue's images from being done in time. */
struct obstacles {
    int64_t pause_ms;         /* how long the service still asks the queue to wait */
    bool is_limited;          /* the service has limited the rate of requests */
    const char *last_failure; /* of the queue's last poll, for whichever tasks; "" if it succeeded */
};

/* Fails because the image's deadline has passed. */
void ticket_fail_timeout(struct ticket *ticket, const struct obstacles *obstacles);

/* Fails because the queue was cancelled. */
void ticket_fail_cancelled(struct ticket *ticket);

/* Completes the result, and frees everything but the result. */
dm_status ticket_close(struct ticket *ticket);

/* NULL does nothing. */
void ticket_free(struct ticket *ticket);

#endif

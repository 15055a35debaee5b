/* One image of a queue, from its push to its result. */
#ifndef DM_TICKET_H
#define DM_TICKET_H

#include "base/pace_wait.h"
#include "client/call.h"
#include "codec/encode.h"

struct shared_poll;

struct ticket {
    dm_result result; /* first: it is what the application gets. Its arena holds the rest, too */
    struct call call; /* the submission */
    struct pace_key pace_key;
    struct inference_job job;
    bool is_begun;        /* there has been an attempt to submit it */
    int64_t submitted_at; /* when the service had taken it */

    /* Of the task that came of it: */
    dm_task_id task_id;
    struct pace_wait wait;
    int64_t due_at; /* when to poll next */
    int misses;     /* polls in a row in which the service did not know the task */
    bool alone;     /* the service has refused to answer for this task together with others */

    /* Where it is: */
    uint64_t number;          /* of the push */
    struct ticket_list *list; /* that it is in; NULL: none */
    struct ticket *previous;
    struct ticket *next;
    struct ticket *older; /* the one that was pushed before, among those that have no result yet */
    struct ticket *newer;
    struct shared_poll *poll; /* that asks for it now; NULL: none */
    size_t place;             /* in there */
};

/* With a call that has this time; NULL if there is no memory. Its resource is then to be named, and its job set. */
struct ticket *ticket_new(dm_client *client, int64_t timeout_ms, void *tag);

/* Checks the job and takes a copy of it, all but the images in memory. */
void ticket_set_job(struct ticket *ticket, const dm_input *inputs, size_t input_count, const dm_infer_options *options);

/* Makes the call's exchange ready for its next attempt: files are opened. False if the call has failed. */
bool ticket_prepare_attempt(struct ticket *ticket);

/* After an attempt: files are closed. */
void ticket_end_attempt(struct ticket *ticket);

/* Takes the finished submission: afterwards there is a task, or the call has failed. */
void ticket_take_submission(struct ticket *ticket);

/* Takes what a poll says of the finished task. */
void ticket_take_task(struct ticket *ticket, const dm_task *task);

/* Fails as a poll has failed. */
void ticket_fail_as(struct ticket *ticket, const struct failure *failure);

/* Fails because the image's time is up; `last_failure` is the last poll's, or "". */
void ticket_fail_timeout(struct ticket *ticket, const char *last_failure);

/* Fails because the queue ends. */
void ticket_fail_cancelled(struct ticket *ticket);

/* Completes the result, and frees everything but the ticket with its result. */
dm_status ticket_close(struct ticket *ticket);

/* NULL does nothing. */
void ticket_free(struct ticket *ticket);

#endif

/* One call of the library on its way down and up again: a request, an engine, one deadline, and a status that sticks,
 * so that a call reads as a straight list of steps of which those behind a failure do nothing. */
#ifndef DM_CALL_H
#define DM_CALL_H

#include "client/client.h"
#include "message/reply.h"

struct call {
    dm_status status;
    dm_error *error;
    const struct settings *settings;
    struct request request;
    struct reply reply; /* of the last request that was sent */

    dm_client *client;
    struct engine *engine;
    const dm_cancel *cancel;
    int64_t deadline;
    bool carried_out;       /* the last request was, and it was no GET */
    bool out_of_time;       /* it is up, or would be before the service wants to be asked again: */
    bool too_late;          /* the latter */
    bool cut_off;           /* the end of the time broke the last request off before anything had failed */
    bool failure_may_pass;  /* the last request failed for a cause that may be gone the next time */
    int64_t retry_after_ms; /* the longest pause that the service has asked for since the last one */
    int attempts;           /* over all requests so far */
    struct text subject;
    dm_error own_error;
};

/* For the start of each call: a result is NULL until there is one. */
#define CALL_CLEAR(out) ((out) != NULL ? (void)(*(out) = NULL) : (void)0)

/* Opens a call whose result goes to `out`, which must not be NULL. */
void call_open(struct call *call, dm_client *client, const dm_call_options *options, const void *out, dm_error *error);

/* The same, with a default time of its own. */
void call_open_for(struct call *call, dm_client *client, const dm_call_options *options, const void *out,
                   int64_t timeout_ms, dm_error *error);

/* Ends the call, and returns its status. */
dm_status call_close(struct call *call);

/* Sets the status, if the call has not failed before; true if all is well. */
bool call_check(struct call *call, dm_status status);

/* Begins a new request, in place of the one before. */
void call_request(struct call *call, const char *method);

/* Sends the request and waits for its reply. */
void call_send(struct call *call);

/* Takes back a failure of the last request that may pass; false if there is another one. */
bool call_forgive(struct call *call);

/* A random number from 0 up to 1. */
double call_random(struct call *call);

/* Waits so long, or as long as the service asks for, if the call's time lasts. */
void call_pause(struct call *call, int64_t delay_ms);

#endif

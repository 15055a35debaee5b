/* One call of a public function. Its failure is sticky: after a failure, later steps do nothing. It has a request and
 * an engine, and one deadline for everything that it sends. */
#ifndef DM_CALL_H
#define DM_CALL_H

#include "base/failure.h"
#include "client/client.h"
#include "message/reply.h"

struct shape;

struct call {
    struct failure failure;
    const struct client_settings *settings;
    struct request request;
    struct exchange exchange; /* of the last request prepared: unstarted, under way or finished */
    struct reply reply;       /* to the last request answered */

    dm_client *client;
    void *result;          /* address of the application's pointer to the result; NULL: there is none */
    struct engine *engine; /* taken when first needed, and kept until the call ends */
    const dm_cancel *cancel;
    int64_t deadline;
    int64_t retry_after_ms; /* the longest Retry-After since the last pause */
    int attempts;           /* of all requests so far */
    struct text subject;
};

/* Opens a call. `result` is the address of the application's pointer that will receive the result, and `name` its name
 * in messages; both are NULL if there is no result. Sets the pointer to NULL. Fails if client or result is NULL. */
void call_open(struct call *call, dm_client *client, const char *name, void *result, const dm_call_options *options,
               dm_error *error);

/* Sets the deadline, from the timeout in `options`, or else default_ms. call_open passes the client's timeout_ms. */
void call_set_deadline(struct call *call, const dm_call_options *options, int64_t default_ms);

/* Ends the call and returns its status. */
dm_status call_close(struct call *call);

/* Returns true if nothing has failed. */
static inline bool call_is_well(const struct call *call)
{
    return call->failure.status == DM_OK;
}

/* Starts a new request, which replaces the last one. */
void call_begin_request(struct call *call, const char *method);

/* Sends the request and waits until it is answered, fails, times out or is cancelled. */
void call_send(struct call *call);

/* The two halves of call_send, for callers with an engine of their own. call_prepare makes call->exchange ready to be
 * started, and returns false if the call has failed. call_conclude takes the reply or the failure of the finished
 * exchange. */
bool call_prepare(struct call *call);
void call_conclude(struct call *call);

/* Copies the facts about the exchange's attempts to the error, and to the call. call_conclude does this; an exchange
 * that is given up between two attempts needs it, too. */
void call_note_exchange(struct call *call);

/* Decodes the reply. Returns NULL if the call has failed, now or before. */
void *call_receive(struct call *call, const struct shape *shape);

/* Sends the request, decodes the reply, and makes that the call's result. Returns the result, or NULL. */
void *call_exchange(struct call *call, const struct shape *shape);

/* Makes `value` the result: writes it to the pointer at `result`, if there is one. */
void call_set_result(void *result, const void *value);

/* Sends a request whose reply should be empty, and checks that. */
void call_delete(struct call *call);

/* Waits for delay_ms, or longer if the service asks for it, but not beyond the deadline. */
void call_pause(struct call *call, int64_t delay_ms);

bool call_has_time(const struct call *call);

#endif

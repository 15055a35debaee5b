/* One call of the library from start to end: a failure that sticks, so that a call reads as a list of steps of which those
 * behind a failure do nothing; and a request, an engine and one deadline for all that the call sends. */
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
    struct exchange exchange; /* of the request that was sent last, finished */
    struct reply reply;       /* to it */

    dm_client *client;
    struct engine *engine; /* taken when it is needed, and kept until the call ends */
    const dm_cancel *cancel;
    int64_t deadline;
    int64_t retry_after_ms; /* the longest pause that the service has asked for since the last one */
    int attempts;           /* over all requests so far */
    struct text subject;
};

/* Opens a call with a client, whose result goes to `out` (a pointer to a pointer), which is set to NULL. Both must not be
 * NULL. */
#define CALL_OPEN(call, client, out, options, error)                                                                   \
    ((out) != NULL ? (void)(*(out) = NULL) : (void)0,                                                                  \
     call_open((call), (client), #out, (out) != NULL, (options), (error)))

/* The same for a result of another kind, which is called `out_name` in messages. */
void call_open(struct call *call, dm_client *client, const char *out_name, bool has_out, const dm_call_options *options,
               dm_error *error);

/* Replaces the default time, the client's timeout_ms. */
void call_set_default_timeout(struct call *call, const dm_call_options *options, int64_t timeout_ms);

/* Ends the call, and returns its status. */
dm_status call_close(struct call *call);

/* True unless something has failed. */
bool call_is_well(const struct call *call);

/* Begins a new request, in place of the one before. */
void call_begin_request(struct call *call, const char *method);

/* Sends the request and waits until it is answered, fails, runs out of time or is cancelled. */
void call_send(struct call *call);

/* Reads the reply and stores the result in *out, whose type goes with the shape. */
#define CALL_RECEIVE(call, shape, out)                                                                                 \
    do {                                                                                                               \
        void *received = call_receive((call), (shape));                                                                \
        if (received != NULL)                                                                                          \
            *(out) = received;                                                                                         \
    } while (0)

/* Reads the reply. NULL if something has failed, now or before. */
void *call_receive(struct call *call, const struct shape *shape);

/* The same for a reply that must hold nothing. */
void call_receive_nothing(struct call *call);

/* Waits so long, or as long as the service asks for, if the call's time lasts. */
void call_pause(struct call *call, int64_t delay_ms);

bool call_has_time(const struct call *call);

#endif

/* One request through to its final answer: takes the outcome of an attempt, and says what is next. Pure. */
#ifndef DM_EXCHANGE_H
#define DM_EXCHANGE_H

#include "message/request.h"
#include "transport/retry.h"

struct exchange {
    const struct request *request;
    const struct retry_policy *policy;
    int64_t deadline;

    int64_t ready_at;       /* when the next attempt is due */
    int attempts;           /* made so far */
    int tries;              /* the same, less those that ended in a redirect */
    int redirects;          /* followed so far */
    struct text location;   /* path and query of the next attempt, after a redirect; empty: the request's own */
    bool maybe_carried_out; /* some attempt may have been, although no answer said so */
    bool too_late;          /* the service asked for a pause beyond the deadline */
    bool given_up;          /* before it was finished */
    int http_status;        /* of the last attempt, also if that was broken off: then it is 0 */
    dm_status status;       /* of the exchange, when it is finished */
    struct outcome last;    /* of the last attempt */

    struct exchange *next; /* for whoever runs it */
};

void exchange_init(struct exchange *exchange, const struct request *to_send, const struct retry_policy *policy,
                   int64_t deadline);
void exchange_free(struct exchange *exchange);

/* Takes an attempt's outcome over. True if the exchange is finished; otherwise the next attempt is due at ready_at. */
bool exchange_take(struct exchange *exchange, struct outcome *taken, int64_t now, double fraction);

/* Notes that an attempt was broken off by us. What came of the one before stays the last word. */
void exchange_break_off(struct exchange *exchange, const struct outcome *broken);

/* Ends an exchange that is not finished with this status: a cancel, a time-out. */
void exchange_give_up(struct exchange *exchange, dm_status status);

#endif

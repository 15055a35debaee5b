/* Shared by the tests of exchanges: exchanges, and outcomes of attempts. */
#ifndef UNIT_EXCHANGE_TEST_H
#define UNIT_EXCHANGE_TEST_H

#include "transport/exchange.h"

#include "test.h"

enum { NOW = 1000, DEADLINE = 100 * 1000, MOST = 3 };

static const struct retry_policy policy = {.max_attempts = MOST, .delay_ms = 100, .max_delay_ms = 1000};

static inline struct request request_of(const char *method)
{
    return (struct request){.method = method};
}

static inline struct outcome answered(int http_status)
{
    struct outcome outcome;
    outcome_init(&outcome);
    outcome.end = ATTEMPT_ANSWERED;
    outcome.http_status = http_status;
    outcome.completely_sent = true;
    return outcome;
}

static inline struct outcome ended(enum attempt_end end)
{
    struct outcome outcome;
    outcome_init(&outcome);
    outcome.end = end;
    outcome.status = DM_ERR_NETWORK;
    outcome.completely_sent = end == ATTEMPT_BROKEN;
    return outcome;
}

static inline bool take(struct exchange *exchange, struct outcome outcome)
{
    return exchange_take(exchange, &outcome, NOW, 0.5);
}

/* The status of an exchange with this request after an attempt with this outcome. */
static inline dm_status status_of(const char *method, struct outcome outcome)
{
    const struct request sent = request_of(method);
    const struct retry_policy once = {.max_attempts = 1};
    struct exchange run;

    exchange_init(&run, &sent, &once, DEADLINE, NULL);
    assert_true(take(&run, outcome));
    assert_int_equal(run.attempts, 1);
    exchange_free(&run);
    return run.status;
}

#endif

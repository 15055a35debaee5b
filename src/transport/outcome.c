#include "transport/outcome.h"

#include "base/secret.h"

#include <stdio.h>

enum { MAX_URL = 64 * 1024 };

void outcome_init(struct outcome *outcome)
{
    *outcome = (struct outcome){.end = ATTEMPT_FATAL, .retry_after_ms = -1};
    text_init(&outcome->body, TEXT_NO_LIMIT);
    text_init(&outcome->redirect, MAX_URL);
}

void outcome_free(struct outcome *outcome)
{
    text_free(&outcome->body);
    text_free(&outcome->redirect);
    outcome_init(outcome);
}

void outcome_redact(struct outcome *outcome, const char *secret)
{
    secret_redact_line(outcome->detail, sizeof outcome->detail, secret);
    secret_redact(outcome->body.data, outcome->body.length, secret);
    secret_redact(outcome->redirect.data, outcome->redirect.length, secret);
}

struct outcome outcome_refused(dm_status status, const char *detail)
{
    struct outcome refused;
    outcome_init(&refused);
    refused.status = status;
    snprintf(refused.detail, sizeof refused.detail, "%s", detail);
    return refused;
}

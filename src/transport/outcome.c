#include "transport/outcome.h"

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

struct outcome outcome_fatal(dm_status status, const char *detail)
{
    struct outcome outcome;
    outcome_init(&outcome);
    outcome.status = status;
    snprintf(outcome.detail, sizeof outcome.detail, "%s", detail);
    return outcome;
}

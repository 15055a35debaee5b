#include "engine/outcome.h"

#include "base/secret.h"

#include <stdio.h>

enum { LONGEST_URL = 64 * 1024 };

void outcome_init(struct outcome *of)
{
    *of = (struct outcome){.end = ATTEMPT_REFUSED, .retry_after_ms = -1};
    text_init(&of->body, TEXT_NO_LIMIT);
    text_init(&of->redirect, LONGEST_URL);
}

void outcome_free(struct outcome *of)
{
    text_free(&of->body);
    text_free(&of->redirect);
    outcome_init(of);
}

void outcome_redact(struct outcome *of, const char *secret)
{
    secret_redact_line(of->detail, sizeof of->detail, secret);
    secret_redact(of->body.data, of->body.length, secret);
    secret_redact(of->redirect.data, of->redirect.length, secret);
}

struct outcome outcome_refused(dm_status status, const char *detail)
{
    struct outcome refused;
    outcome_init(&refused);
    refused.status = status;
    snprintf(refused.detail, sizeof refused.detail, "%s", detail);
    return refused;
}

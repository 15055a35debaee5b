#include "transport/log.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LINE = 1024, MAX_END = 256, MAX_TARGET = 512 };

static void emit(const struct settings *settings, dm_log_level level, const char *line)
{
    char printable[MAX_LINE];
    error_copy_line(printable, sizeof printable, line, strlen(line));
    settings->log(level, printable, settings->log_data);
}

static void describe_end(char *to, size_t size, const struct outcome *outcome)
{
    if (outcome->end == ATTEMPT_ANSWERED)
        snprintf(to, size, "HTTP %d", outcome->http_status);
    else
        snprintf(to, size, "%s", outcome->detail);
}

/* The next attempt's path, from the server's root on, fit to be shown. */
static void describe_target(char to[MAX_TARGET], const struct settings *settings, const struct exchange *exchange)
{
    char path[2 * MAX_TARGET];
    const bool from_root = exchange->request->from_origin || exchange->location.length > 0;
    snprintf(path, sizeof path, "%s%s", from_root ? "" : settings->base.data + settings->origin.length,
             exchange->location.length > 0 ? exchange->location.data : exchange->request->target.data);
    error_copy_line(to, MAX_TARGET, path, strlen(path));
    secret_redact_line(to, MAX_TARGET, settings->secret);
}

void log_attempt(const struct settings *settings, const struct exchange *exchange, const struct outcome *ended)
{
    char line[MAX_LINE];
    char end[MAX_END];
    char target[MAX_TARGET];

    if (settings->log == NULL)
        return;
    describe_end(end, sizeof end, ended);
    secret_redact_line(end, sizeof end, settings->secret);
    describe_target(target, settings, exchange);
    snprintf(line, sizeof line,
             "%s %s: %s, %" PRId64 " ms, %" PRId64 " bytes sent, %" PRId64 " bytes received, attempt %d",
             exchange->request->method, target, end, ended->milliseconds, ended->bytes_sent, ended->bytes_received,
             exchange->attempts + 1 + ended->resends);
    emit(settings, DM_LOG_INFO, line);
}

void log_repetition(const struct settings *settings, const struct exchange *exchange, int64_t now)
{
    char line[MAX_LINE];
    char target[MAX_TARGET];

    if (settings->log == NULL)
        return;
    describe_target(target, settings, exchange);
    snprintf(line, sizeof line, "%s %s: next attempt in %" PRId64 " ms", exchange->request->method, target,
             clock_until(now, exchange->ready_at));
    emit(settings, DM_LOG_WARNING, line);
}

void log_tls_unverified(const struct settings *settings)
{
    if (settings->log != NULL && settings->skip_verify)
        emit(settings, DM_LOG_WARNING, "TLS certificates are not verified: whoever is in between can read the API key");
}

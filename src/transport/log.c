#include "transport/log.h"

#include "base/clock.h"
#include "base/line.h"
#include "base/secret.h"
#include "transport/curl_versions.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LINE = 1024, MAX_END = 256, MAX_TARGET = 512, MAX_REST = 128 };

static void emit(const struct transport_settings *settings, dm_log_level level, const char *line)
{
    char printable[MAX_LINE];
    line_copy(printable, sizeof printable, line, strlen(line));
    settings->log(level, printable, settings->log_data);
}

static void describe_end(char *end, size_t size, const struct outcome *outcome, const char *secret)
{
    if (outcome->end == ATTEMPT_ANSWERED)
        snprintf(end, size, "HTTP %d", outcome->http_status);
    else
        snprintf(end, size, "%s", outcome->detail);
    secret_redact_line(end, size, secret);
}

/* Writes the path of the next attempt, from the server's root, as printable text without the key. */
static void describe_target(char target[MAX_TARGET], const struct transport_settings *settings,
                            const struct exchange *exchange)
{
    char path[2 * MAX_TARGET];
    const bool redirected = exchange->location.length > 0;
    snprintf(path, sizeof path, "%s%s", redirected ? "" : settings->base.data + settings->origin.length,
             redirected ? exchange->location.data : exchange->request->target.data);
    secret_redact_line(path, sizeof path, settings->secret);
    line_copy(target, MAX_TARGET, path, strlen(path));
}

/* Writes a line such as "GET /v0.7/accounts/me: HTTP 200", and `rest`. */
static void log_end(const struct transport_settings *settings, dm_log_level level, const struct exchange *exchange,
                    const struct outcome *outcome, const char *rest)
{
    char line[MAX_LINE];
    char end[MAX_END];
    char target[MAX_TARGET];

    describe_end(end, sizeof end, outcome, settings->secret);
    describe_target(target, settings, exchange);
    snprintf(line, sizeof line, "%s %s: %s%s", exchange->request->method, target, end, rest);
    emit(settings, level, line);
}

void log_attempt(const struct transport_settings *settings, const struct exchange *exchange,
                 const struct outcome *outcome)
{
    char rest[MAX_REST];

    if (settings->log == NULL)
        return;
    snprintf(rest, sizeof rest, ", %" PRId64 " ms, %" PRId64 " bytes sent, %" PRId64 " bytes received, attempt %d",
             outcome->milliseconds, outcome->bytes_sent, outcome->bytes_received,
             exchange->attempts + 1 + outcome->resends);
    log_end(settings, DM_LOG_INFO, exchange, outcome, rest);
}

void log_retry(const struct transport_settings *settings, const struct exchange *exchange, int64_t now)
{
    char rest[MAX_REST];

    if (settings->log == NULL)
        return;
    snprintf(rest, sizeof rest, "; next attempt in %" PRId64 " ms", clock_until(now, exchange->ready_at));
    log_end(settings, DM_LOG_WARNING, exchange, &exchange->last, rest);
}

void log_tls_unverified(const struct transport_settings *settings, const char *reason)
{
    char line[MAX_LINE];
    if (settings->log == NULL || !settings->skip_verify)
        return;
    snprintf(line, sizeof line,
             "TLS certificates are not verified (%s): anyone on the network path can read the API key", reason);
    emit(settings, DM_LOG_WARNING, line);
}

void log_look_ups_block(const struct transport_settings *settings)
{
    if (settings->log == NULL || curl_versions_looks_up_aside())
        return;
    emit(settings, DM_LOG_WARNING,
         "libcurl is built without an asynchronous resolver: timeouts and cancellation do not end a slow name lookup");
}

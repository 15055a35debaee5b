#include "engine/log.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_LINE = 1024, LONGEST_END = 256, LONGEST_TARGET = 512 };

static void emit(const struct settings *with, dm_log_level level, const char *line)
{
    char printable[LONGEST_LINE];
    error_copy_line(printable, sizeof printable, line, strlen(line));
    with->log(level, printable, with->log_data);
}

static void describe_end(char *to, size_t size, const struct outcome *of)
{
    if (of->end == ATTEMPT_ANSWERED)
        snprintf(to, size, "HTTP %d", of->http_status);
    else
        snprintf(to, size, "%s", of->detail);
}

/* The next attempt's path, from the server's root on, fit to be shown. */
static void describe_target(char to[LONGEST_TARGET], const struct settings *with, const struct exchange *of)
{
    char path[2 * LONGEST_TARGET];
    const bool from_root = of->request->from_origin || of->location.length > 0;
    snprintf(path, sizeof path, "%s%s", from_root ? "" : with->base.data + with->origin.length,
             of->location.length > 0 ? of->location.data : of->request->target.data);
    error_copy_line(to, LONGEST_TARGET, path, strlen(path));
    secret_redact_line(to, LONGEST_TARGET, with->secret);
}

void log_attempt(const struct settings *with, const struct exchange *of, const struct outcome *ended)
{
    char line[LONGEST_LINE];
    char end[LONGEST_END];
    char target[LONGEST_TARGET];

    if (with->log == NULL)
        return;
    describe_end(end, sizeof end, ended);
    secret_redact_line(end, sizeof end, with->secret);
    describe_target(target, with, of);
    snprintf(line, sizeof line,
             "%s %s: %s, %" PRId64 " ms, %" PRId64 " bytes sent, %" PRId64 " bytes received, attempt %d",
             of->request->method, target, end, ended->milliseconds, ended->bytes_sent, ended->bytes_received,
             of->attempts + 1 + ended->resends);
    emit(with, DM_LOG_INFO, line);
}

void log_repetition(const struct settings *with, const struct exchange *of, int64_t now)
{
    char line[LONGEST_LINE];
    char target[LONGEST_TARGET];

    if (with->log == NULL)
        return;
    describe_target(target, with, of);
    snprintf(line, sizeof line, "%s %s: next attempt in %" PRId64 " ms", of->request->method, target,
             clock_until(now, of->ready_at));
    emit(with, DM_LOG_WARNING, line);
}

void log_tls_unverified(const struct settings *with)
{
    if (with->log != NULL && with->skip_verify)
        emit(with, DM_LOG_WARNING, "TLS certificates are not verified: whoever is in between can read the API key");
}

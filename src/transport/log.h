/* Lines for the application's log callback. */
#ifndef DM_LOG_H
#define DM_LOG_H

#include "transport/exchange.h"
#include "transport/settings.h"

/* One line for an attempt that has just ended, and what came of it, before the exchange takes that. */
void log_attempt(const struct settings *settings, const struct exchange *exchange, const struct outcome *ended);

/* A line that says when the next one is due. */
void log_repetition(const struct settings *settings, const struct exchange *exchange, int64_t now);

void log_tls_unverified(const struct settings *settings);

#endif

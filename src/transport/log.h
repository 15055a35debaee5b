/* Messages for the application's log callback. */
#ifndef DM_LOG_H
#define DM_LOG_H

#include "transport/exchange.h"
#include "transport/settings.h"

/* Logs an attempt that ended with this outcome. Call it before exchange_take. */
void log_attempt(const struct transport_settings *settings, const struct exchange *exchange,
                 const struct outcome *outcome);

/* Logs why and when the next attempt is due. */
void log_retry(const struct transport_settings *settings, const struct exchange *exchange, int64_t now);

/* Logs a warning that certificates are not verified. `reason` names the option or the variable that says so. */
void log_tls_unverified(const struct transport_settings *settings, const char *reason);

/* Logs a warning if libcurl has no asynchronous resolver. */
void log_look_ups_block(const struct transport_settings *settings);

#endif

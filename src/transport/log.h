/* Lines for the application's log callback. */
#ifndef DM_LOG_H
#define DM_LOG_H

#include "transport/exchange.h"
#include "transport/settings.h"

/* One line for an attempt that has just ended with this outcome, before the exchange takes that. */
void log_attempt(const struct transport_settings *settings, const struct exchange *exchange,
                 const struct outcome *outcome);

/* A line that says why and when the next attempt is due. */
void log_retry(const struct transport_settings *settings, const struct exchange *exchange, int64_t now);

/* A warning if certificates are not verified. The reason names the option or the variable that says so. */
void log_tls_unverified(const struct transport_settings *settings, const char *reason);

/* A warning if libcurl cannot look up names beside its other work. */
void log_look_ups_block(const struct transport_settings *settings);

#endif

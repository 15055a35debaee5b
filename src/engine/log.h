/* Lines for the application's log callback. */
#ifndef DM_LOG_H
#define DM_LOG_H

#include "engine/exchange.h"
#include "engine/settings.h"

/* One line for an attempt that has just ended. */
void log_attempt(const settings *with, const exchange *of, bool finished, int64_t now);

void log_tls_unverified(const settings *with);

#endif

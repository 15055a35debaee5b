/* The loop: runs exchanges on one curl_multi and gives back one finished exchange at a time.
 *
 * Invariants:
 * - An engine, and every libcurl object in it, belongs to one thread at a time.
 * - An exchange is in exactly one of three places: waiting for its time, running with one attempt, or finished. It leaves
 *   the engine only by engine_next, finished, whatever ended it.
 * - Nothing that happens later changes an exchange that is finished. */
#ifndef DM_ENGINE_H
#define DM_ENGINE_H

#include "transport/exchange.h"
#include "transport/settings.h"

/* NULL if there is no memory. */
struct engine *engine_new(const struct transport_settings *settings);

/* There must be no exchange in it. */
void engine_free(struct engine *engine);

/* From now on the calling thread drives the engine. */
void engine_adopt(struct engine *engine);

/* Takes an exchange in. Its owner keeps it in place until it comes back from engine_next. */
void engine_start(struct engine *engine, struct exchange *exchange);

/* Drives the exchanges until one is finished: answered, failed, past its deadline or cancelled. NULL if the time wake_at
 * comes before that. */
struct exchange *engine_next(struct engine *engine, int64_t wake_at);

#endif

/* The event loop: runs exchanges on one curl_multi and returns them one by one when they are finished.
 *
 * Invariants: */
#ifndef DM_ENGINE_H
#define DM_ENGINE_H

#include "transport/exchange.h"
#include "transport/settings.h"

/* Returns NULL if out of memory. */
struct engine *engine_new(const struct transport_settings *settings);

/* The engine must not contain an exchange. */
void engine_free(struct engine *engine);

/* Transfers the engine to the calling thread. */
void engine_adopt(struct engine *engine);

/* Adds an exchange. It must stay valid and not move until engine_next returns it. */
void engine_start(struct engine *engine, struct exchange *exchange);

/* Runs the exchanges until one is finished: answered, failed, past its deadline or cancelled. Returns NULL if the time
 * wake_at is reached before that. */
struct exchange *engine_next(struct engine *engine, int64_t wake_at);

#endif

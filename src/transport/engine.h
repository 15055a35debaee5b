/* The loop: runs exchanges on one curl_multi and gives back one finished exchange at a time. An engine belongs to one
 * thread at a time. */
#ifndef DM_ENGINE_H
#define DM_ENGINE_H

#include "base/cancel.h"
#include "transport/exchange.h"
#include "transport/settings.h"

struct engine;

/* NULL if there is no memory. */
struct engine *engine_new(const struct settings *settings);

/* There must be no exchange in it. */
void engine_free(struct engine *engine);

/* From now on the calling thread drives the engine. */
void engine_adopt(struct engine *engine);

/* Takes an exchange in, which its owner keeps in place until it comes back from engine_next or is given up. */
void engine_start(struct engine *engine, struct exchange *added);

/* Drives the exchanges until one is finished. NULL if the time `wake_at` comes, or the cancel is fired, before that. */
struct exchange *engine_next(struct engine *engine, int64_t wake_at, const dm_cancel *cancel);

/* True if the last engine_next came back because libcurl could not go on: it has no memory. */
bool engine_is_stuck(const struct engine *engine);

/* Takes all exchanges out again, each ended with this status. */
void engine_give_up(struct engine *engine, dm_status status);

/* The next random number from 0 up to 1, for whoever paces something. */
double engine_random(struct engine *engine);

#endif

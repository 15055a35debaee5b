/* The event loop: runs exchanges on one curl_multi and returns them one by one when they are finished.
 *
 * Invariants:
 * - An engine, and every libcurl object in it, belongs to one thread at a time.
 * - An exchange is in exactly one of three places: waiting for its time, running with one attempt, or finished. It
 *   leaves the engine only through engine_next. A stepwise exchange leaves it between two attempts, too.
 * - A finished exchange does not change any more. */
#ifndef DM_ENGINE_H
#define DM_ENGINE_H

#include "base/failure.h"
#include "transport/exchange.h"
#include "transport/settings.h"

/* Returns NULL if out of memory. */
struct engine *engine_new(const struct transport_settings *settings);

/* The engine must not contain an exchange. */
void engine_free(struct engine *engine);

/* Transfers the engine to the calling thread. */
void engine_adopt(struct engine *engine);

/* The same for a thread of the library in which all signals are blocked until it ends. Then engine_next need not block
 * SIGPIPE each time, which costs system calls. */
void engine_adopt_in_own_thread(struct engine *engine);

/* Adds an exchange. It must stay valid and not move until engine_next returns it. */
void engine_start(struct engine *engine, struct exchange *exchange);

/* Runs the exchanges until one is finished: answered, failed, past its deadline or cancelled. A stepwise exchange is
 * also returned after each failed attempt: its `end` is then EXCHANGE_OPEN, and it can be started again at its time
 * ready_at. Returns NULL if the time wake_at is reached before that, or if engine_wake is called. */
struct exchange *engine_next(struct engine *engine, int64_t wake_at);

/* Prepares the engine for engine_wake. */
bool engine_allow_wake(struct engine *engine, struct failure *failure);

/* From any thread: makes engine_next return, now or the next time that it would wait. */
void engine_wake(struct engine *engine);

/* Cancels all exchanges. engine_next then returns them. */
void engine_cancel_all(struct engine *engine);

#endif

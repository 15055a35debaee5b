/* The client: its settings, and a pool of engines. Each engine is used by one thread at a time and keeps its
 * connections open. */
#ifndef DM_CLIENT_H
#define DM_CLIENT_H

#include "base/failure.h"
#include "client/pace_table.h"
#include "client/settings.h"
#include "transport/engine.h"

const struct client_settings *client_settings(const dm_client *client);

/* Returns true in the process that made the client, and false in a child after fork, which must not use it. */
bool client_is_ours(const dm_client *client);

/* Fails if this is a child process. */
bool client_check_process(const dm_client *client, struct failure *failure);

/* Returns a random number from 0 up to 1, for jitter. */
double client_random(dm_client *client);

/* What the client has learned about the duration of such tasks. */
struct pace client_pace(dm_client *client, struct pace_key key);
void client_learn_pace(dm_client *client, struct pace_key key, const struct pace_observation *observation);

/* Takes an engine from the pool, or makes one, for the calling thread. Returns NULL if out of memory. */
struct engine *client_take_engine(dm_client *client);

/* Puts an engine back; no exchange may be in it. NULL does nothing. */
void client_give_engine(dm_client *client, struct engine *engine);

#endif

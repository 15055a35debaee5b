/* The client: its settings, and a pool of engines, so that connections stay warm and none is shared. */
#ifndef DM_CLIENT_H
#define DM_CLIENT_H

#include "client/pace_table.h"
#include "client/settings.h"
#include "transport/engine.h"

const struct client_settings *client_settings(const dm_client *client);

/* True in the process that made the client; false in a child after fork, which must not use it. */
bool client_is_ours(const dm_client *client);

/* A random number from 0 up to 1, for jitter. */
double client_random(dm_client *client);

/* What the client has learned of how long such tasks take. */
struct pace client_pace(dm_client *client, struct pace_key key);
void client_learn_pace(dm_client *client, struct pace_key key, const struct pace_sight *sight);

/* Takes an engine for the calling thread alone; NULL if there is no memory. */
struct engine *client_take_engine(dm_client *client);

/* Gives it back, with no exchange in it. NULL does nothing. */
void client_give_engine(dm_client *client, struct engine *engine);

#endif

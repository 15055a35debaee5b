/* The client: its settings, and a pool of engines, so that connections stay warm and none is shared. */
#ifndef DM_CLIENT_H
#define DM_CLIENT_H

#include "transport/engine.h"
#include "transport/settings.h"

const struct settings *client_settings(const dm_client *client);

/* Takes an engine for the calling thread alone; NULL if there is no memory. */
struct engine *client_take_engine(dm_client *client);

/* Gives it back, with no exchange in it. NULL does nothing. */
void client_give_engine(dm_client *client, struct engine *idle);

#endif

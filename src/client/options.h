/* A client's options, the environment and the defaults, resolved in one place. */
#ifndef DM_OPTIONS_H
#define DM_OPTIONS_H

#include "transport/settings.h"

/* Fills zeroed settings. They are to be freed also if this fails. options may be NULL. */
dm_status options_resolve(const dm_client_options *options, struct settings *settings, dm_error *error);

/* Overwrites the key and frees the settings' members. */
void options_free(struct settings *settings);

#endif

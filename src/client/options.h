/* Resolves a client's options, the environment and the defaults in one place. */
#ifndef DM_OPTIONS_H
#define DM_OPTIONS_H

#include "base/failure.h"
#include "client/settings.h"

/* Fills zeroed settings. Free them with options_free even if this fails. options may be NULL. */
void options_resolve(const dm_client_options *options, struct client_settings *settings, struct failure *failure);

/* Returns what disables certificate verification, for a warning: the option or the environment variable. */
const char *options_unverified_reason(const dm_client_options *options);

/* Overwrites the key, and frees the members of the settings. */
void options_free(struct client_settings *settings);

#endif

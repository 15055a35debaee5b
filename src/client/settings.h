/* The settings that result from a client's options, the environment and the defaults. */
#ifndef DM_CLIENT_SETTINGS_H
#define DM_CLIENT_SETTINGS_H

#include "base/pace.h"
#include "transport/settings.h"

struct client_settings {
    struct transport_settings transport;
    char boundary[33]; /* between the parts of a multipart body */
    int64_t timeout_ms;
    int64_t wait_all_timeout_ms;
    struct pace_bounds poll_bounds; /* of the delay before a poll */
    bool submit_once;
};

#endif

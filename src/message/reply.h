/* The service's reply as text, and the request that it belongs to. */
#ifndef DM_REPLY_H
#define DM_REPLY_H

#include "base/text.h"

struct reply {
    struct text body;
    const char *subject; /* the request's method and URL, for messages */
};

#endif

/* The service's answer to a request, as text, and what it answers to. */
#ifndef DM_REPLY_H
#define DM_REPLY_H

#include "base/text.h"

struct reply {
    struct text body;
    const char *subject; /* the request's method and URL, for messages */
};

#endif

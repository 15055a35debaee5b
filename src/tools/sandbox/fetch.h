/* Downloads, from this machine only. */
#ifndef SANDBOX_FETCH_H
#define SANDBOX_FETCH_H

#include "bytes.h"

/* Downloads a URL into the empty buffer. Returns NULL, or an error message to free. */
char *fetch(const char *url, struct buffer *content);

#endif

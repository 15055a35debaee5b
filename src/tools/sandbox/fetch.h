/* Files by URL, from this machine only. */
#ifndef SANDBOX_FETCH_H
#define SANDBOX_FETCH_H

#include "bytes.h"

/* Gets what is at the URL into the empty buffer; says what is wrong, or NULL. */
const char *fetch(const char *url, struct buffer *content);

#endif

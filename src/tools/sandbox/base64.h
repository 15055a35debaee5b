/* Strict Base64 (RFC 4648, section 4): white space and missing padding are rejected. */
#ifndef SANDBOX_BASE64_H
#define SANDBOX_BASE64_H

#include "bytes.h"

/* Decodes text into an empty buffer. Returns false if it is not Base64; the buffer then stays empty. */
bool base64_decode(struct bytes text, struct buffer *decoded);

#endif

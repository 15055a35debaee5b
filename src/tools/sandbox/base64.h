/* Base64 (RFC 4648, section 4), strictly: the alphabet and the padding, nothing else. */
#ifndef SANDBOX_BASE64_H
#define SANDBOX_BASE64_H

#include "bytes.h"

/* Decodes text into the empty buffer; false if it is not base64, and the buffer stays empty. */
bool base64_decode(struct bytes text, struct buffer *decoded);

#endif

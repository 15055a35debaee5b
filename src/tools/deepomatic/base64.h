/* Base64 text (RFC 4648, section 4). */
#ifndef CLI_BASE64_H
#define CLI_BASE64_H

#include "file.h"

/* Encodes the bytes in place. False: out of memory, and the bytes are unchanged. */
bool base64_encode(struct bytes *bytes);

/* Decodes a text without NUL bytes, as base64_encode encodes it. The caller frees it; NULL: it is something else. */
char *base64_decode(const char *text);

#endif

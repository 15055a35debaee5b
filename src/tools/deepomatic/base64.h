/* Base64 text (RFC 4648, section 4). */
#ifndef CLI_BASE64_H
#define CLI_BASE64_H

#include "file.h"

/* Turns bytes into base64 text, in place. False: no memory, and the bytes are as before. */
bool base64_encode(struct bytes *bytes);

#endif

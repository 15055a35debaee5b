/* SHA-256 in hexadecimal. */
#ifndef SANDBOX_DIGEST_H
#define SANDBOX_DIGEST_H

#include "bytes.h"

enum { DIGEST_TEXT_SIZE = 65 };

/* Writes the 64 lower-case hexadecimal digits of the SHA-256 of bytes, and a NUL. */
void digest_text(struct bytes bytes, char text[DIGEST_TEXT_SIZE]);

#endif

/* SHA-256 in hexadecimal. */
#ifndef SANDBOX_DIGEST_H
#define SANDBOX_DIGEST_H

#include "bytes.h"

enum { DIGEST_TEXT_SIZE = 65 };

/* Writes the 64 lower-case hexadecimal digits of the SHA-256 of bytes, and a NUL. */
void digest_text(struct bytes bytes, char text[DIGEST_TEXT_SIZE]);

/* The same for bytes that come one after the other. digest_finish writes the text, and frees the digest. */
struct digest;
struct digest *digest_new(void);
void digest_add(struct digest *digest, struct bytes bytes);
void digest_finish(struct digest *digest, char text[DIGEST_TEXT_SIZE]);

#endif

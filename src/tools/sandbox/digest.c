#include "digest.h"

#include <openssl/evp.h>
#include <stdio.h>

void digest_text(struct bytes bytes, char text[DIGEST_TEXT_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE] = {0};

    EVP_Digest(bytes.size > 0 ? bytes.data : "", bytes.size, digest, NULL, EVP_sha256(), NULL);
    for (size_t i = 0; i < DIGEST_TEXT_SIZE / 2; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

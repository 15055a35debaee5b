#include "digest.h"

#include "memory.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

struct digest {
    EVP_MD_CTX *context;
};

struct digest *digest_new(void)
{
    struct digest *digest = memory_new(1, sizeof *digest);

    digest->context = EVP_MD_CTX_new();
    EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL);
    return digest;
}

void digest_add(struct digest *digest, struct bytes bytes)
{
    EVP_DigestUpdate(digest->context, bytes.size > 0 ? bytes.data : "", bytes.size);
}

void digest_finish(struct digest *digest, char text[DIGEST_TEXT_SIZE])
{
    unsigned char binary[EVP_MAX_MD_SIZE] = {0};

    EVP_DigestFinal_ex(digest->context, binary, NULL);
    for (size_t i = 0; i < DIGEST_TEXT_SIZE / 2; i++)
        snprintf(text + 2 * i, 3, "%02x", binary[i]);
    EVP_MD_CTX_free(digest->context);
    free(digest);
}

void digest_text(struct bytes bytes, char text[DIGEST_TEXT_SIZE])
{
    struct digest *digest = digest_new();

    digest_add(digest, bytes);
    digest_finish(digest, text);
}

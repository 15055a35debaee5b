#include "sha256.h"

#include <openssl/evp.h>
#include <stdio.h>

static bool finish(EVP_MD_CTX *context, char hex[SHA256_HEX_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;

    if (EVP_DigestFinal_ex(context, digest, &length) != 1)
        return false;
    for (size_t i = 0; i < length; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return true;
}

bool sha256_of_memory(const void *bytes, size_t length, char hex[SHA256_HEX_SIZE])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, bytes, length) == 1 && finish(context, hex);

    EVP_MD_CTX_free(context);
    return done;
}

static bool digest_stream(EVP_MD_CTX *context, FILE *file)
{
    char buffer[16 * 1024];
    size_t length;

    while ((length = fread(buffer, 1, sizeof buffer, file)) > 0) {
        if (EVP_DigestUpdate(context, buffer, length) != 1)
            return false;
    }
    return ferror(file) == 0;
}

bool sha256_of_file(const char *path, char hex[SHA256_HEX_SIZE])
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL)
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                digest_stream(context, file) && finish(context, hex);
    EVP_MD_CTX_free(context);
    fclose(file);
    return done;
}

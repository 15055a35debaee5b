/* SHA-256 as lower-case hexadecimal text, to be compared with the sandbox's request log. */
#ifndef SUPPORT_SHA256_H
#define SUPPORT_SHA256_H

#include <stdbool.h>
#include <stddef.h>

/* 64 digits and a NUL. */
#define SHA256_HEX_SIZE 65

bool sha256_of_memory(const void *bytes, size_t length, char hex[SHA256_HEX_SIZE]);

bool sha256_of_file(const char *path, char hex[SHA256_HEX_SIZE]);

#endif

/* Base64 encoded by OpenSSL, for comparison with the library's own. */
#ifndef SUPPORT_BASE64_TEXT_H
#define SUPPORT_BASE64_TEXT_H

#include <stddef.h>

enum base64_style {
    BASE64_PLAIN,
    BASE64_WRAPPED, /* a line feed after each 76 characters and at the end, as base64(1) writes it */
    BASE64_UNPADDED,
};

/* To be freed; NULL on failure. */
char *base64_text(const void *bytes, size_t length, enum base64_style style);

#endif

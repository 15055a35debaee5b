/* Base64 text (RFC 4648, section 4): checks it, and copies it without white space. */
#ifndef DM_BASE64_H
#define DM_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Checks the text and counts its characters without white space. If it is invalid, the function returns false, *reason
 * says why and *offset says where. Padding may be missing: *missing_padding is the number of '=' to add. */
bool base64_measure(const char *text, size_t length, size_t *characters, size_t *missing_padding, const char **reason,
                    size_t *offset);

/* Copies characters without white space, starting at text[*at], until `size` are written or the text ends. Moves *at
 * past what was read, and returns the number of characters written. */
size_t base64_copy(const char *text, size_t length, size_t *at, char *copy, size_t size);

#endif

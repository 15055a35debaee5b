/* Base64 text (RFC 4648, section 4): is it right, and how long is it without its white space? */
#ifndef DM_BASE64_H
#define DM_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Counts the characters that are not white space. Otherwise *reason says what is wrong with the text, and *offset
 * where. Missing padding is fine: *missing_padding says how many '=' are to follow. */
bool base64_measure(const char *text, size_t length, size_t *characters, size_t *missing_padding, const char **reason,
                    size_t *offset);

/* Copies characters from text[*at] on, without white space, until `size` are there or the text ends; moves *at behind
 * what it has read and returns how many it wrote. */
size_t base64_copy(const char *text, size_t length, size_t *at, char *to, size_t size);

#endif

/* UTF-8: is it valid, and where may it be cut? */
#ifndef DM_UTF8_H
#define DM_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the valid sequence that begins at `text`, of which `length` bytes can be read; 0 if it is not valid.
 * Overlong forms, surrogates and code points past U+10FFFF are not. */
size_t utf8_sequence(const char *text, size_t length);

bool utf8_valid(const char *text, size_t length);

#endif

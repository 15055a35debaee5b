/* UTF-8 validation. */
#ifndef DM_UTF8_H
#define DM_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the length of the valid sequence at `text`, reading at most `length` bytes; 0 if there is none. Overlong
 * forms, surrogates and code points above U+10FFFF are invalid. */
size_t utf8_sequence(const char *text, size_t length);

/* Returns true if the text ends within the sequence that it begins with. Does not check the value of the sequence. */
bool utf8_is_cut(const char *text, size_t length);

bool utf8_valid(const char *text, size_t length);

#endif

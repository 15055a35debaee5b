/* Text from outside, made safe for a terminal and for JSON. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A character as it is printed. */
struct shown {
    char text[8]; /* itself; an escape such as \u001b if it is unsafe; U+FFFD for an invalid byte */
    size_t width; /* columns on a terminal */
};

/* Returns the next character of *text, which must not be empty, and moves *text past it. Unsafe are control characters,
 * line separators and characters that change the writing direction. All escapes are valid in JSON too. */
struct shown text_next(const char **text);

/* Prints text with text_next. */
void text_put(FILE *out, const char *text);

/* The columns that text_put fills. */
size_t text_width(const char *text);

bool text_is_utf8(const char *text);

#endif

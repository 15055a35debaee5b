/* Text that somebody else wrote, on its way to a terminal or into JSON. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* One character as it may be shown. */
struct shown {
    char text[8]; /* itself; an escape such as \u001b if it could do harm; U+FFFD for a byte that is not UTF-8 */
    size_t width; /* columns that `text` fills on a terminal */
};

/* Takes one character off *text, which must not be at its end. Harm is what steers a terminal, ends a line or turns the
 * direction of writing. All the escapes are JSON's too. */
struct shown text_next(const char **text);

/* Writes text as text_next shows it. */
void text_put(FILE *out, const char *text);

/* Columns that text_put fills. */
size_t text_width(const char *text);

#endif

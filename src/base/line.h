/* Text for people: one printable line that fits. */
#ifndef DM_LINE_H
#define DM_LINE_H

#include <stddef.h>

/* Copies text as one printable line: control characters become spaces, invalid UTF-8 a question mark. A line that is cut
 * to what fits ends with a whole character. */
void line_copy(char *line, size_t size, const char *text, size_t length);

/* The operating system's words for an errno, in English whatever the locale. Static text. */
const char *line_system_error(int number);

#endif

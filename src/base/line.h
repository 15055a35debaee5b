/* Text for people: one printable line of limited size. */
#ifndef DM_LINE_H
#define DM_LINE_H

#include <stddef.h>

/* Copies text as one printable line: control characters become spaces, and invalid UTF-8 becomes question marks. A line
 * that does not fit is truncated after a whole character. */
void line_copy(char *line, size_t size, const char *text, size_t length);

/* Returns the operating system's message for an errno, in English whatever the locale. It remains valid until
 * this thread calls the function again. */
const char *line_system_error(int number);

#endif

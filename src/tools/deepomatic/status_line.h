/* A line at the bottom of the terminal on standard error that is written again and again. Messages appear above it. */
#ifndef CLI_STATUS_LINE_H
#define CLI_STATUS_LINE_H

#include <stdbool.h>

/* Returns true if standard error is a terminal that can show such a line. */
bool status_line_works(void);

/* Returns true if the terminal is wide enough for the text. */
bool status_line_fits(const char *text);

/* Replaces the line. A text that is too long for the terminal is cut. */
void status_line_put(const char *text);

/* Removes the line, so that something else can be printed. */
void status_line_clear(void);

/* Leaves the line as it is; what follows comes below it. */
void status_line_keep(void);

#endif

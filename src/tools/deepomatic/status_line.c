#include "status_line.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* The queue's thread writes messages, too. */
static atomic_bool shown;

bool status_line_works(void)
{
    const char *terminal = getenv("TERM");

    return isatty(STDERR_FILENO) && (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

static int terminal_columns(void)
{
    struct winsize size;

    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : 80;
}

bool status_line_fits(const char *text)
{
    return strlen(text) < (size_t)terminal_columns();
}

/* "\033[K" erases the rest of the line. */
void status_line_put(const char *text)
{
    shown = true;
    dprintf(STDERR_FILENO, "\r%.*s\033[K", terminal_columns() - 1, text);
}

void status_line_clear(void)
{
    if (atomic_exchange(&shown, false))
        dprintf(STDERR_FILENO, "\r\033[K");
}

void status_line_keep(void)
{
    if (atomic_exchange(&shown, false))
        dprintf(STDERR_FILENO, "\n");
}

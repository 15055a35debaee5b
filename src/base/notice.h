/* A descriptor that can be read from as long as a notice is up, to be waited for with poll. */
#ifndef DM_NOTICE_H
#define DM_NOTICE_H

#include <stdbool.h>

struct notice {
    int read_end;
    int write_end; /* the same descriptor where the system has eventfd */
};

/* Opens it with the notice down; no child process inherits it. On failure false, and errno says why. */
bool notice_open(struct notice *notice);
void notice_close(const struct notice *notice);

/* Puts it up. Safe in a signal handler; errno may change. */
void notice_raise(const struct notice *notice);

/* Takes down a notice that was raised once since it was down. */
void notice_lower(const struct notice *notice);

#endif

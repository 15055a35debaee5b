/* A notice: a descriptor for poll(), which is readable while the notice is raised. */
#ifndef DM_NOTICE_H
#define DM_NOTICE_H

#include "base/failure.h"

struct notice {
    int read_end;
    int write_end; /* the same descriptor where the system has eventfd */
};

/* Opens the descriptor, not raised; child processes do not inherit it. Returns false on failure; the message names the
 * purpose, such as "to wake a thread". */
bool notice_open(struct notice *notice, const char *purpose, struct failure *failure);
void notice_close(const struct notice *notice);

/* Raises the notice. Safe in a signal handler, but may change errno. */
void notice_raise(const struct notice *notice);

/* Lowers a notice that was raised once. If another thread is about to raise it, waits for that. */
void notice_lower(const struct notice *notice);

#endif

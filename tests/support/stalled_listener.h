/* A port where a connect hangs, because the backlog is full and no connection is accepted. */
#ifndef SUPPORT_STALLED_LISTENER_H
#define SUPPORT_STALLED_LISTENER_H

struct stalled_listener;

/* Returns NULL if the kernel keeps accepting connections. */
struct stalled_listener *stalled_listener_start(void);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *stalled_listener_url(const struct stalled_listener *stalled);

/* Frees the listener. A connect that is still waiting fails at its next try. */
void stalled_listener_stop(struct stalled_listener *stalled);

#endif

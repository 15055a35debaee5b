/* A separate nginx, with a master and one worker, that terminates TLS for an upstream and can be killed. */
#ifndef TLS_KILLABLE_H
#define TLS_KILLABLE_H

#include <stdbool.h>

enum killable_http { KILLABLE_HTTP1, KILLABLE_HTTP2 };

struct killable;

/* Starts it with the upstream "http://127.0.0.1:PORT" and returns when it listens; the test fails if it does not. Its
 * address is server_url("killable"). */
struct killable *killable_start(enum killable_http http, const char *upstream);

/* Kills master and worker with SIGKILL. May be called from any thread, and repeatedly. */
void killable_kill(struct killable *nginx);

/* Kills only the worker, with SIGKILL; the master starts another one. */
void killable_kill_worker(struct killable *nginx);

/* Kills it, if it still runs, and starts a new one with the same address and upstream. */
void killable_restart(struct killable *nginx);

/* Kills it, if it still runs, and frees everything. No other thread may use it any more. */
void killable_end(struct killable *nginx);

#endif

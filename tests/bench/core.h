/* The server and the measured program run on different processor cores. */
#ifndef BENCH_CORE_H
#define BENCH_CORE_H

/* Among the cores that this process may use; both are the same if there is only one. */
void core_use_first(void);
void core_use_last(void);

#endif

/* The server and whoever is measured run on different processor cores. */
#ifndef BENCH_CORE_H
#define BENCH_CORE_H

/* Of the cores that this process may use; the same one if there is only one. */
void core_use_first(void);
void core_use_last(void);

#endif

#ifndef FAULTS_FAILING_MALLOC_H
#define FAULTS_FAILING_MALLOC_H

/* Makes cJSON use the wrapped allocation functions, so that its allocations can fail, too. */
void failing_malloc_serve_cjson(void);

#endif

#ifndef FAULTS_FAILING_MALLOC_H
#define FAULTS_FAILING_MALLOC_H

/* From now on, cJSON uses the library's allocation functions, so its allocations can fail, too. */
void failing_malloc_serve_cjson(void);

#endif

#ifndef FAULTS_FAILING_MALLOC_H
#define FAULTS_FAILING_MALLOC_H

/* From now on cJSON's allocations are the library's, and can fail as these do. */
void failing_malloc_serve_cjson(void);

#endif

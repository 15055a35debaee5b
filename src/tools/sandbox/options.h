/* The command line. */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include <stdint.h>

struct options {
    int64_t port; /* 0: any that is free */
    const char *api_key;
    int64_t task_delay; /* milliseconds */
    int64_t page_limit;
    const char *request_log; /* NULL: none */
    const char *files;       /* NULL: none */
};

enum options_outcome { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* Reads the command line. It has printed what was asked for (DONE), or on standard error what is wrong (WRONG). */
enum options_outcome options_read(int argc, char **argv, struct options *options);

#endif

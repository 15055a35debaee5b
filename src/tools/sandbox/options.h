/* The command line. */
#ifndef SANDBOX_OPTIONS_H
#define SANDBOX_OPTIONS_H

#include "fault.h"
#include "rate_limit.h"

#include <stdint.h>

struct options {
    const char *host; /* the name or address to listen on */
    int64_t port;     /* 0: any free one */
    const char *api_key;
    int64_t task_delay;    /* milliseconds */
    int64_t delay_scatter; /* percent of task_delay */
    int64_t page_limit;
    int64_t networks;   /* how many there are at the start */
    int64_t rate_limit; /* requests per second; 0: not limited */
    enum rate_limit_kind rate_limit_kind;
    const char *request_log; /* NULL: none */
    const char *files;       /* NULL: none */
    struct faults faults;
};

enum options_outcome { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* Reads the command line. Prints the help or the version (OPTIONS_DONE), or an error message on standard error
 * (OPTIONS_WRONG). In any case the options must be cleared. */
enum options_outcome options_read(int argc, char **argv, struct options *options);
void options_clear(struct options *options);

#endif

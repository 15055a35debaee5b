/* Prints the results of 'infer'. */
#ifndef CLI_INFER_OUTPUT_H
#define CLI_INFER_OUTPUT_H

#include "command.h"
#include "html_report.h"
#include "job.h"

struct infer_output {
    const struct options *options;
    struct html_report *report; /* NULL without --report */
};

/* Creates the report. False: a message was written. Close it in any case. */
bool infer_output_open(struct infer_output *output, const struct options *options);

/* Prints the result of a job: as a line of JSON, rows of CSV or a table; a failure of it also as a message, unless
 * `quiet`. */
void infer_output_put(const struct infer_output *output, const struct job *job, bool quiet);

/* Returns true if everything printed so far was written. */
bool infer_output_flush(const struct infer_output *output);

/* False: the report could not be written, and a message was. */
bool infer_output_close(struct infer_output *output);

#endif

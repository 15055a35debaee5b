/* The standard streams, as the shell hands them over. */
#ifndef CLI_STREAMS_H
#define CLI_STREAMS_H

#include "report.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

/* Opens the standard descriptors that are closed, so that no other file gets their numbers, and sets up the buffer of
 * standard output. Call it first. False: /dev/null cannot be opened. */
bool streams_open(void);

/* Sends everything printed so far, up to 1 MiB with a single write, so that processes that share their standard output
 * do not mix their lines. False: standard output cannot be written. */
bool output_flush(void);

/* Returns true if the file is also standard output, and what is written to both would be mixed. */
bool output_mixes_with(const struct stat *file);

/* Returns true if standard output is a regular file, and the stream is open on the same file. */
bool output_is(FILE *stream);

/* Returns true if standard output is a pipe whose reader has closed it. */
bool output_has_no_reader(void);

/* Sends the rest and closes standard output. Returns `status`, or STATUS_FAILED if some of the output was lost. If the
 * reader of a pipe went away, the program ends here with SIGPIPE or returns STATUS_FAILED without a message. */
enum exit_status output_close(enum exit_status status);

#endif

/* The progress of 'infer', on standard error. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "options.h"

struct progress {
    bool shown;
    bool is_over;     /* no time is left */
    bool on_terminal; /* one line that changes; otherwise a new line from time to time */
    uint64_t done;    /* also those that failed */
    uint64_t failed;
    uint64_t total; /* 0: unknown */
    int64_t started_ms;
    int64_t written_ms;
};

/* Prints seconds as "1:07" or "2:00:05". */
void progress_print_duration(FILE *out, uint64_t seconds);

/* Returns true if it is shown: on a terminal, and with --progress, but not with --no-progress. */
bool progress_is_wanted(const struct options *options);

/* `total` is the number of images; 0: unknown. */
void progress_begin(struct progress *progress, const struct options *options, uint64_t total);

void progress_note(struct progress *progress, bool failed);

/* Writes it again if it is time. */
void progress_update(struct progress *progress);

/* Writes the final state. */
void progress_end(struct progress *progress);

#endif

/* How much of an upload has been sent, on standard error: a bar on a terminal, otherwise a line from time to time. */
#ifndef CLI_UPLOAD_PROGRESS_H
#define CLI_UPLOAD_PROGRESS_H

#include "options.h"

struct upload_progress {
    bool shown;
    bool on_terminal;
    int64_t sent;
    int64_t total;
    int64_t started_ms;
    int64_t written_ms;
};

void upload_progress_begin(struct upload_progress *progress, const struct options *options);

/* A dm_progress_callback, whose data is the progress. */
void upload_progress_note(int64_t sent, int64_t total, void *data);

/* Writes the final state, if anything was sent. */
void upload_progress_end(struct upload_progress *progress);

#endif

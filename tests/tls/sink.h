/* The server behind a killable nginx: it counts the uploads, and performs an action in the middle of the first one. */
#ifndef TLS_SINK_H
#define TLS_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* The reply to a complete upload, with status "201 Created". */
#define SINK_REPLY "{\"task_id\":\"123\"}"

struct sink_plan {
    size_t threshold;              /* bytes of the first upload after which the action runs; 0: no action */
    bool stop_reading;             /* before the action, so that the client and nginx cannot send any more */
    void (*action)(void *context); /* runs in the sink's thread */
    void *context;
};

struct sink;

/* NULL on failure. */
struct sink *sink_start(const struct sink_plan *plan);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *sink_url(const struct sink *sink);

/* Stops it. All connections must be closed, or about to close. */
void sink_stop(struct sink *sink);

/* After the stop: the number of uploads that began, whether the last one arrived completely, and whether it was all
 * zeros. Free the sink with sink_free. */
size_t sink_uploads(const struct sink *sink);
size_t sink_first_length(const struct sink *sink); /* received bytes of the first upload */
size_t sink_last_length(const struct sink *sink);
bool sink_last_was_whole(const struct sink *sink);

void sink_free(struct sink *sink);

#endif

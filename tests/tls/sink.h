/* The server behind a killable nginx: it counts the uploads, and performs an action in the middle of the first one. */
#ifndef TLS_SINK_H
#define TLS_SINK_H

#include <stdbool.h>
#include <stddef.h>

/* The reply to a complete upload, with status "201 Created". */
#define SINK_REPLY "{\"task_id\":\"123\"}"

struct sink_plan {
    size_t threshold;              /* of bytes of the first upload, where the action takes place; 0: none does */
    bool stop_reading;             /* before the action, so that the client and nginx can send no more */
    void (*action)(void *context); /* runs in the sink's thread */
    void *context;
};

struct sink;

/* NULL on failure. */
struct sink *sink_start(const struct sink_plan *plan);

/* "http://127.0.0.1:PORT", valid until the stop. */
const char *sink_url(const struct sink *sink);

/* Ends it. All connections must have ended, or be about to. */
void sink_stop(struct sink *sink);

/* After the stop: how many uploads have begun, whether the last one came whole, and whether it was all zeros. Then free
 * it with sink_free. */
size_t sink_uploads(const struct sink *sink);
size_t sink_first_length(const struct sink *sink); /* bytes of the first upload that came */
size_t sink_last_length(const struct sink *sink);
bool sink_last_was_whole(const struct sink *sink);

void sink_free(struct sink *sink);

#endif

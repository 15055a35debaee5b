/* How many requests a queue may send at a time, and how fast, after what the service has refused. Pure.
 *
 * Nothing is limited until the service refuses a request. Then the queue pauses for as long as the service asks, halves the
 * number of submissions at a time, and keeps to a rate a little below what the service took in the last second. The rate
 * grows slowly near the one that was refused, and fast far below it. */
#ifndef DM_THROTTLE_H
#define DM_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

enum { THROTTLE_SLICES = 10 }; /* of a second */

struct throttle {
    double window;     /* submissions at a time */
    double max_window; /* what there is room for */

    int64_t paused_until; /* what the service asks for */
    int64_t cut_at;       /* when a refusal last slowed the queue down; 0: never */

    double rate;      /* requests a second; 0: not limited */
    double refused;   /* the rate that is expected to be too high; 0: not known */
    double next_at;   /* when the rate allows the next request, in milliseconds */
    int64_t grown_at; /* when the rate last grew */

    int accepted[THROTTLE_SLICES]; /* requests in the last second, by slices of it */
    int64_t slice;                 /* the number of the last one */
};

void throttle_init(struct throttle *throttle, int max_window);

/* When the next request may be sent; it may be past. */
int64_t throttle_ready_at(const struct throttle *throttle);

/* True if one more submission may be on its way at the same time. */
bool throttle_has_room(const struct throttle *throttle, int submissions);

void throttle_note_sent(struct throttle *throttle, int64_t now);

/* Any answer but a refusal. */
void throttle_note_accepted(struct throttle *throttle, int64_t now);

/* A refusal of a request that was sent at that time, HTTP 429 or 503, which asks for such a pause. Of several at the same
 * time only the first one slows down. */
void throttle_note_refused(struct throttle *throttle, int64_t now, int64_t sent_at, int64_t pause_ms);

#endif

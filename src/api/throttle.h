/* How many requests a queue may send at the same time, and how fast, after the service has rejected some. Pure
 * functions.
 *
 * Nothing is limited until the service rejects a request (HTTP 429, or 503 with Retry-After). Then the queue pauses for
 * as long as the service asks, halves the number of simultaneous submissions, and limits the rate to a little less than
 * what the service accepted in the last second, but to no less than one request a second. If it accepted hardly any
 * before the first rejections, the rate is not limited yet. The rate grows slowly near the rate that was rejected, and
 * fast far below it. It does not grow while the queue has too little to send. */
#ifndef DM_THROTTLE_H
#define DM_THROTTLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { THROTTLE_SLICES = 10 }; /* of a second */

struct throttle {
    double max_submissions; /* at the same time */
    int max_connections;    /* the largest value of max_submissions */

    int64_t paused_until; /* the end of the pause that the service asked for */
    int64_t slowed_at;    /* when a rejection last slowed the queue down; 0: never */

    double rate;          /* requests per second; 0: not limited */
    double rejected_rate; /* the rate that is probably too high; 0: unknown */
    double next_at;       /* when the rate allows the next request, in milliseconds */
    int64_t grown_at;     /* when the rate last grew */

    int accepted[THROTTLE_SLICES]; /* accepted requests of the last second, in slices */
    int lately;                    /* their sum */
    int64_t slice;                 /* the number of the last slice */
};

void throttle_init(struct throttle *throttle, int max_connections);

/* Returns when the next request may be sent, which may be in the past. */
int64_t throttle_ready_at(const struct throttle *throttle);

/* Returns true if one more submission may run at the same time. */
bool throttle_has_room(const struct throttle *throttle, int submissions);

/* The least time between two polls, in milliseconds. At a limited rate, a poll that brings few results takes the place
 * of a submission. So it is the time of a poll and of as many submissions as there are open tickets, or half as many if
 * nothing is left to submit, but at most that of 30 requests, and at most a second. */
int64_t throttle_poll_spacing(const struct throttle *throttle, int64_t open, bool is_all_submitted);

void throttle_note_sent(struct throttle *throttle, int64_t now);

/* Notes an answer that is not a rejection. */
void throttle_note_answered(struct throttle *throttle, int64_t now);

/* Notes a rejection of a request that was sent at `sent_at`, and the pause that it asks for. If
 * several requests are rejected at the same time, only the first rejection slows the queue down. */
void throttle_note_rejected(struct throttle *throttle, int64_t now, int64_t sent_at, int64_t pause_ms);

#endif

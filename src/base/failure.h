/* The failure of a call. The first failure is kept and later ones are ignored, so that the steps of a call need no
 * checks between them. The secret is overwritten in every text before the text is truncated. */
#ifndef DM_FAILURE_H
#define DM_FAILURE_H

#include <deepomatic.h>

#if defined(__GNUC__) || defined(__clang__)
#define FAILURE_PRINTF(arguments, first) __attribute__((__format__(__printf__, arguments, first)))
#else
#define FAILURE_PRINTF(arguments, first)
#endif

struct failure {
    dm_status status;   /* DM_OK until something fails */
    dm_error *error;    /* the caller's; may be NULL */
    const char *secret; /* must not appear in any text; may be NULL */
};

/* Starts without a failure, and clears the error. */
void failure_init(struct failure *failure, dm_error *error);

/* Sets the status and the message, in which unprintable characters are replaced. Always returns false, so that a
 * function can fail with `return failure_set(...)`. After a good response, a cancellation or timeout has no
 * HTTP status. */
bool failure_set(struct failure *failure, dm_status status, const char *format, ...) FAILURE_PRINTF(3, 4);

bool failure_no_memory(struct failure *failure);

/* Fails if `written`, the status of a text, is an error. Returns true if it is DM_OK. */
bool failure_check_written(struct failure *failure, dm_status written);

/* Stores the service's error message as one printable line. Call it before failure_set. */
void failure_set_server_message(struct failure *failure, const char *words, size_t length);

/* Clears a failure, for a caller that can continue. */
void failure_forgive(struct failure *failure);

#endif

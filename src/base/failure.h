/* What went wrong, in one place. The first failure stays and later ones change nothing, so that a list of steps needs no
 * guard at each line. The secret is overwritten in every text before the text is cut to what fits. */
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
    dm_error *error;    /* the caller's; NULL: nobody reads it */
    const char *secret; /* what no text may show; NULL: nothing */
};

/* Begins without a failure, and clears the error. */
void failure_init(struct failure *failure, dm_error *error);

/* Sets the status and the message, which is made printable. False, for whoever fails with it. */
bool failure_set(struct failure *failure, dm_status status, const char *format, ...) FAILURE_PRINTF(3, 4);

bool failure_no_memory(struct failure *failure);

/* Fails if this status of a text says that it could not be written. True if it was written. */
bool failure_check_written(struct failure *failure, dm_status written);

/* The service's own words, as one printable line. They belong to a failure that is yet to be set. */
void failure_set_server_message(struct failure *failure, const char *words, size_t length);

/* Takes a failure back, for a caller that can go on. */
void failure_forgive(struct failure *failure);

#endif

/* The header lines of a reply that are read later. */
#ifndef DM_REPLY_HEADERS_H
#define DM_REPLY_HEADERS_H

#include "base/text.h"

enum { MAX_SHORT_VALUE = 128 }; /* with its NUL; a longer one is neither a date nor a number of seconds */

struct reply_headers {
    char retry_after[MAX_SHORT_VALUE]; /* each of these is "" while there is none; of two lines, the first counts */
    char date[MAX_SHORT_VALUE];
    struct text location;
};

/* Empties them. What is all zero is empty and has no memory. */
void reply_headers_clear(struct reply_headers *headers);
void reply_headers_free(struct reply_headers *headers);

/* Takes one header line with its line end. An address that is too long, or for which there is no memory, leaves its
 * status in `location`. */
void reply_headers_take(struct reply_headers *headers, const char *line, size_t length);

#endif
